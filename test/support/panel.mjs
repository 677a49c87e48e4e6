// What tests do with the debug panel.
import assert from 'node:assert/strict'
import { until } from './scenario.mjs'

/** The address of a page with the panel. */
export const debugged = url => `${url}#pw-debug`

/** Waits until the panel is there. */
export const isOpen = page =>
  page.waitFor(() => Boolean(document.querySelector('pw-debug').shadowRoot))

/** Opens a page, and waits for the panel on it. */
export async function openPanel(browser, url) {
  const page = await browser.open(debugged(url))
  await isOpen(page)
  return page
}

/** What a list shows: `[[name, standing], …]`, the newest first. As text, since the page may have patched what makes JSON. */
export async function listed(page, label) {
  const text = await page.evaluate(label => {
    const { shadowRoot } = document.querySelector('pw-debug')
    const lines = []
    for (const item of shadowRoot.querySelectorAll(`[aria-label=${label}] li`)) {
      const texts = [item.querySelector('b').textContent, item.querySelector('.stage').textContent]
      lines.push(texts.join('\t'))
    }
    return lines.join('\n')
  }, label)
  return text ? text.split('\n').map(line => line.split('\t')) : []
}

const expectListed = (page, label, expected) =>
  until(async () => assert.deepEqual(await listed(page, label), expected) ?? true)

/** Waits until these calls are shown, and no others. */
export const expectCalls = (page, ...expected) => expectListed(page, 'Calls', expected)

/** Waits until these requests are shown as stored, and no others. */
export const expectOutbox = (page, ...expected) => expectListed(page, 'Outbox', expected)

/** All that it says. */
export const allText = page =>
  page.evaluate(`document.querySelector('pw-debug').shadowRoot.textContent`)

/** Presses what `selector` finds in the panel, by the keyboard: in a shadow tree the drivers find nothing to click. */
export async function press(page, selector) {
  await page.evaluate(selector => {
    document.querySelector('pw-debug').shadowRoot.querySelector(selector).focus()
  }, selector)
  await page.press('Enter')
}

/** The request of the row that has been opened, as text. */
export const openedRequest = () =>
  document.querySelector('pw-debug').shadowRoot.querySelector('details[open] pre').textContent

/** Clicks on what `selector` finds in the panel, with a mouse (Chromium only). */
export async function click(page, selector) {
  const at = await page.evaluate(selector => {
    const { shadowRoot } = document.querySelector('pw-debug')
    const { x, y } = shadowRoot.querySelector(selector).getBoundingClientRect()
    return { x: x + 5, y: y + 5, button: 'left', clickCount: 1 }
  }, selector)
  for (const type of ['mousePressed', 'mouseReleased']) {
    await page.cdp.send('Input.dispatchMouseEvent', { type, ...at })
  }
}

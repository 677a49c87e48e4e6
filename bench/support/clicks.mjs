import { setTimeout as sleep } from 'node:timers/promises'

/** Time between two clicks: more than a frame, so that what is put off until after it is done. */
const PACE_MS = 50

/**
 * Clicks on the page's button as a visitor does, once for each name.
 * @param {import('../../test/support/engine.mjs').Page} page
 * @param {string} by a way to send of pages/send.js
 * @param {string[]} names
 * @returns {Promise<number[]>} how long the handler took each time, in ms
 */
export async function clickEach(page, by, names) {
  const { x, y } = await page.evaluate(
    `(names = ${JSON.stringify(names)},
      next = () => ({ by: ${by}, name: names.shift() }),
      took.length = 0,
      document.querySelector('button').getBoundingClientRect().toJSON())`,
  )
  for (const _ of names) {
    await press(page, x + 5, y + 5)
    await sleep(PACE_MS)
  }
  return page.evaluate('took')
}

async function press({ cdp }, x, y) {
  const at = { x, y, button: 'left', clickCount: 1 }
  await cdp.send('Input.dispatchMouseEvent', { ...at, type: 'mousePressed' })
  await cdp.send('Input.dispatchMouseEvent', { ...at, type: 'mouseReleased' })
}

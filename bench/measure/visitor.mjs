import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../test/support/until.mjs'

/** What a visitor looks at before doing anything. */
const LOOK_MS = 1_000

/** Longer than any of the peers keeps what it sends in batches. */
const BATCH_MS = 15_000

/** Within this, a page has read an answer. */
const READ_MS = 500

let events = 0

/** A name that the collector recognises in whatever a tag makes of it. */
const newEvent = () => `ev${String(++events).padStart(6, '0')}x`

/**
 * Somebody who has never been here, with one tab or several.
 * @param {import('../../test/support/engine.mjs').Browser} browser
 * @param {object} site
 * @param {string} site.origin
 * @param {(name: string) => string} site.event code of a call
 * @param {{ copies(name: string): number, wasTried(name: string): boolean }} site.collector
 */
export async function createVisitor(browser, { origin, event, collector }) {
  const context = await browser.fresh()
  const called = []

  const open = async (path, until) => {
    const page = await context.open()
    await pretend(page)
    await page.goto(origin + path, { until })
    await sleep(LOOK_MS)
    return page
  }

  return {
    /** Names of the events that have been called. */
    called,
    open: () => open('/page'),
    /** A page whose script never comes. */
    openSlow: () => open('/slow', 'domcontentloaded'),
    /** Calls an event; `then`: an expression for what the page does in the same tick. */
    call: async (page, then = '0') => {
      const name = newEvent()
      called.push(name)
      await page.evaluate(`void (${event(name)}, ${then})`)
      return name
    },
    /** Comes back, which leads to another event as a page view would. */
    comeBack: async () => {
      const page = await open('/page')
      await page.evaluate(`void ${event(newEvent())}`)
    },
    /** Waits until the page has been refused the event by an API that is away; not for ever, as it may have been lost. */
    refused: async name => {
      await until(() => collector.wasTried(name), { timeout: BATCH_MS }).catch(() => {})
      await sleep(READ_MS)
    },
    arrived: timeout =>
      until(() => called.every(collector.copies), { timeout, interval: 100 }).catch(() => {}),
    leave: () => context.close(),
  }
}

/** Some peers take no events of a browser that is driven by a program. */
async function pretend({ cdp }) {
  const { userAgent } = await cdp.send('Browser.getVersion')
  await cdp.send('Emulation.setUserAgentOverride', {
    userAgent: userAgent.replace('HeadlessChrome', 'Chrome'),
  })
  await cdp.send('Page.enable')
  await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `Object.defineProperty(navigator, 'webdriver', { get: () => false })`,
  })
}

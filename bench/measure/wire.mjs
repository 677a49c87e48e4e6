import { namesOf, newGroup } from '../support/arrivals.mjs'
import { rest } from '../support/main-thread.mjs'

const EVENTS = 20

/** What a page of each kind does. `view` has a known user and an event for each page view. */
const PATHS = {
  events: { tag: '/tag', bare: '/bare' },
  view: { tag: '/view/tag', bare: '/view/bare' },
}

/**
 * What goes over the wire, by page: on a visitor's first page and on the next one.
 * @param {import('../support/stage.mjs').Stage} stage a metered one
 * @param {'tag' | 'bare'} kind
 * @param {keyof typeof PATHS} what
 * @returns {Promise<{ requests: number, preflights: number, sent: number, received: number }[]>}
 */
export async function measureWire({ browser, api, origin, meter, arrivals }, kind, what) {
  const context = await browser.fresh()
  try {
    const pages = []
    for (let i = 0; i < 2; i++) {
      api.requests.length = api.preflights.length = 0
      meter.take()
      const page = await context.open(`${origin}${PATHS[what][kind]}`)
      await rest(page)
      if (what === 'events') {
        const group = newGroup()
        const by = kind === 'tag' ? 'byTag' : 'byFetch'
        await page.evaluate(`${JSON.stringify(namesOf(group, EVENTS))}.forEach(n => void ${by}(n))`)
        await arrivals.wait(group, EVENTS)
        await rest(page)
      }
      pages.push({
        requests: api.requests.length,
        preflights: api.preflights.length,
        ...meter.take(),
      })
      await page.close()
    }
    return pages
  } finally {
    await context.close()
  }
}

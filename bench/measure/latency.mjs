import { namesOf, newGroup } from '../support/arrivals.mjs'
import { clickEach } from '../support/clicks.mjs'
import { clockOffset } from '../support/clock.mjs'
import { settle } from '../support/main-thread.mjs'

/** How a page comes to send its one event, given the page, how it sends, and the name. */
const WAYS = {
  load: (page, origin, kind, _, name) => page.goto(`${origin}/load/${kind}#${name}`),
  stub: (page, origin, kind, _, name) => page.goto(`${origin}/stub/${kind}#${name}`),
  rest: async (page, origin, kind, by, name) => {
    await page.goto(`${origin}/${kind}`)
    await settle(page)
    await page.evaluate(`void called(${by}, ${JSON.stringify(name)})`)
  },
  click: async (page, origin, kind, by, name) => {
    await page.goto(`${origin}/${kind}`)
    await settle(page)
    await clickEach(page, by, [name])
  },
}

/**
 * Time from the call to the arrival at the API, in ms, on a visitor's first visit and on a later one.
 * @param {import('../support/stage.mjs').Stage} stage
 * @param {'tag' | 'bare'} kind
 * @param {keyof typeof WAYS} way
 * @param {string} [by] a way to send of pages/send.js, for the last two
 */
export async function measureLatency(
  { browser, origin, arrivals },
  kind,
  way,
  by = kind === 'tag' ? 'byTag' : 'byFetch',
) {
  const context = await browser.fresh()
  try {
    const times = {}
    for (const visit of ['first', 'later']) {
      const page = await context.open(`${origin}/nothing`)
      const group = newGroup()
      const [name] = namesOf(group, 1)
      await WAYS[way](page, origin, kind, by, name)
      const arrivedAt = await arrivals.wait(group, 1)
      times[visit] = arrivedAt - (await clockOffset(page)) - (await page.evaluate('calledAt'))
      await page.close()
    }
    return times
  } finally {
    await context.close()
  }
}

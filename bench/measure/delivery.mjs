import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCollector } from '../support/collector.mjs'
import { createVisitor } from './visitor.mjs'

/** A preflight that the browser does not remember, on a slow line. */
const PREFLIGHT_MS = 300

/** Within this, what has been sent arrives. */
const ARRIVE_MS = 3_000

/** So much longer than the visit lasts the outage: what a page sends as it is left falls into it. */
const OUTAGE_MS = 2_000

/** Within this after coming back, what has been kept is sent: RudderStack waits 10 s before it takes over from a dead tab. */
const RETURN_MS = 20_000

/** So much later a second copy has come, if one comes. */
const DOUBLE_MS = 5_000

const go = `location.href = '/next'`

/**
 * How visitors leave. `leave` gets a visitor with a page in front of it.
 * @type {Record<string, { title: string, elsewhere?: boolean, away?: boolean, slow?: boolean, leave: Function }>}
 */
export const SCENARIOS = {
  navigate: { title: 'navigate', leave: (visitor, page) => visitor.call(page, go) },
  close: {
    title: 'close the tab',
    leave: async (visitor, page) => {
      await visitor.call(page)
      await page.close()
    },
  },
  navigateElsewhere: {
    title: 'navigate, API elsewhere',
    elsewhere: true,
    leave: (visitor, page) => visitor.call(page, go),
  },
  closeElsewhere: {
    title: 'close the tab, API elsewhere',
    elsewhere: true,
    leave: async (visitor, page) => {
      await visitor.call(page)
      await page.close()
    },
  },
  outage: {
    title: '503, close, return',
    away: true,
    leave: async (visitor, page) => {
      await visitor.refused(await visitor.call(page))
      await page.close()
    },
  },
  crash: {
    title: '503, crash after 2 s, return',
    away: true,
    leave: async (visitor, page) => {
      const [name] = await Promise.all([visitor.call(page), sleep(2_000)])
      await visitor.refused(name)
      await page.crash()
    },
  },
  tabs: {
    title: '503 in two tabs, close, return',
    away: true,
    leave: async (visitor, page) => {
      const other = await visitor.open()
      const names = [await visitor.call(page), await visitor.call(other)]
      await Promise.all(names.map(visitor.refused))
      await page.close()
      await other.close()
    },
  },
  early: {
    title: 'call before the script is there, navigate, return',
    slow: true,
    leave: (visitor, page) => visitor.call(page, go),
  },
}

/**
 * Sends so many visitors through a scenario, and counts what became of their events.
 * @param {import('../../test/support/engine.mjs').Browser} browser
 * @param {{ event(name: string): string, routes?: Function, pages(api: string): Record<string, string> }} tag
 * @param {(typeof SCENARIOS)[string]} scenario
 * @returns {Promise<{ called: number, lost: number, doubled: number }>}
 */
export async function measureDelivery(browser, tag, scenario, count) {
  const collector = createCollector({
    preflightDelayMs: scenario.elsewhere ? PREFLIGHT_MS : 0,
    routes: tag.routes,
  })
  const site = await serve(collector)
  // Another name of this machine is another site.
  const api = scenario.elsewhere ? site.origin.replace('127.0.0.1', 'localhost') : site.origin
  site.pages = tag.pages(api)
  const place = { origin: site.origin, event: tag.event, collector }
  const visitors = await Promise.all(
    Array.from({ length: count }, () => createVisitor(browser, place)),
  )
  try {
    const pages = await Promise.all(
      visitors.map(visitor => (scenario.slow ? visitor.openSlow() : visitor.open())),
    )
    if (scenario.away) collector.setAway(true)
    await Promise.all(visitors.map((visitor, i) => scenario.leave(visitor, pages[i])))
    if (scenario.away) await sleep(OUTAGE_MS)
    else await Promise.all(visitors.map(({ arrived }) => arrived(ARRIVE_MS)))
    collector.setAway(false)
    await Promise.all(visitors.map(({ comeBack }) => comeBack()))
    await Promise.all(visitors.map(({ arrived }) => arrived(RETURN_MS)))
    await sleep(DOUBLE_MS)
  } finally {
    await Promise.all(visitors.map(({ leave }) => leave()))
    await site.close()
  }
  const copies = visitors.flatMap(({ called }) => called).map(collector.copies)
  return {
    called: copies.length,
    lost: copies.filter(n => n === 0).length,
    doubled: copies.filter(n => n > 1).length,
  }
}

/** Its pages, and, for all other addresses, the collector. */
async function serve(collector) {
  const site = { pages: {} }
  const server = createServer((req, res) => {
    const page = req.method === 'GET' && site.pages[req.url]
    if (page === undefined || page === false) return collector.handle(req, res)
    // A script that never comes.
    if (page === null) return undefined
    const type = req.url.endsWith('.js') ? 'text/javascript' : 'text/html'
    res.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(page)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(site, {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

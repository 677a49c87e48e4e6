// What the delivery tests have in common: pages with the tag, and a count of what became of their events.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { counts, until } from '../support/scenario.mjs'

/** `Prefix-1` … `Prefix-n`. */
export const names = (prefix, n) => Array.from({ length: n }, (_, i) => `${prefix}-${i + 1}`)

/** Addresses of pages with the stub, that start the tag with the scenario's options. */
export const tagged = ({ site, options }, query = {}, init = {}) =>
  site.page({ stub: '1', init: { ...options, ...init }, ...query })

/** Waits until the tag runs and has a HWID. */
export const running = page =>
  page.waitFor(
    () => window.pw && pw.v && new Promise(resolve => pw('get', ({ hwid }) => resolve(hwid))),
  )

/** A new tab with the tag at work. */
export async function openTagged(stage, query, init) {
  const page = await stage.browser.open(tagged(stage, query, init))
  await running(page)
  return page
}

export const callAll = (page, list) =>
  page.evaluate(many => {
    for (const name of many) pw('event', name)
  }, list)

/** How many requests wait, of this page and in the outbox. */
export const waiting = page =>
  page.evaluate(() => new Promise(resolve => pw('get', state => resolve(state.waiting))))

/** What `flush` says. */
export const flushed = page =>
  page.evaluate(() => new Promise(resolve => pw('flush', resolve, 30000)))

/** Calls these while the API is stopped, and waits until the outbox has them all; gives the page. */
export async function leaveBacklog(stage, called) {
  await stage.api.stop()
  const page = await openTagged(stage)
  // The others are stored at once, when one has failed.
  await callAll(page, called.slice(0, 1))
  await page.waitFor(() => localStorage['pw-tag.down'])
  await callAll(page, called.slice(1))
  await until(async () => (await waiting(page)) === called.length)
  return page
}

/** What became of the events of these names. */
export function tally(api, called) {
  const copies = counts(api)
  const known = new Set(called)
  return {
    called: called.length,
    arrived: called.filter(name => copies[name]).length,
    lost: called.filter(name => !copies[name]),
    doubled: called.filter(name => copies[name] > 1),
    strange: Object.keys(copies).filter(name => !known.has(name)),
  }
}

/**
 * Waits until all have arrived, and then a while longer for doubles; tells the count, and fails unless each has arrived
 * exactly once, or at least once for those that `mayDouble`; `mayMiss` names others, that may also not arrive at all.
 */
export async function expectAll({ api, t }, called, options = {}) {
  const { settle = 700, timeout = 15_000, mayDouble = () => false, mayMiss = [] } = options
  await until(() => !tally(api, called).lost.length, { timeout }).catch(() => {})
  await sleep(settle)
  const { arrived, lost, doubled, strange } = tally(api, [...called, ...mayMiss])
  t.diagnostic(`called ${called.length}, arrived ${arrived}, doubled ${doubled.length}`)
  const missing = lost.filter(name => !mayMiss.includes(name))
  const wrong = doubled.filter(name => !mayDouble(name))
  assert.deepEqual(
    { lost: missing, doubled: wrong, strange },
    { lost: [], doubled: [], strange: [] },
  )
}

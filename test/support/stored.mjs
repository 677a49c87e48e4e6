// What a site has stored in a browser, and that it is nothing.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './until.mjs'

export const NOTHING = { databases: [], local: [], session: [], cookies: '' }

/** What is stored for the site. */
export const stored = page =>
  page.evaluate(async () => ({
    databases: indexedDB.databases ? (await indexedDB.databases()).map(({ name }) => name) : [],
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    cookies: document.cookie,
  }))

/** In the end. */
export const expectNothingStored = page =>
  until(async () => assert.deepEqual(await stored(page), NOTHING) ?? true, { timeout: 5_000 })

/** Nothing is stored and nothing is sent, for as long as the page would have needed to send or store something. */
export async function expectNothing({ api }, page, ms = 900) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) {
    assert.deepEqual(await stored(page), NOTHING)
  }
  assert.equal(api.requests.length + api.preflights.length, 0)
}

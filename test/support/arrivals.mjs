import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './until.mjs'

/** How many copies of each event the API has taken: `{ name: copies }`. */
export function counts(api) {
  const copies = {}
  for (const { request } of api.accepted('postEvent')) {
    copies[request.event] = (copies[request.event] ?? 0) + 1
  }
  return copies
}

/**
 * Waits until each of these events has arrived, and then, as a double comes late if it comes, a while longer.
 * No other event may have arrived, and none twice.
 * @param {object} api a sandbox
 * @param {string[]} names
 * @param {{ settle?: number, timeout?: number }} [options] in ms
 */
export async function expectExactlyOnce(api, names, { settle = 1000, timeout = 15_000 } = {}) {
  const expected = Object.fromEntries(names.map(name => [name, 1]))
  // That some are missing is told below, together with what else is wrong.
  await until(() => names.every(name => counts(api)[name]), { timeout }).catch(() => {})
  await sleep(settle)
  assert.deepEqual(sorted(counts(api)), sorted(expected))
}

const sorted = object => Object.fromEntries(Object.entries(object).sort())

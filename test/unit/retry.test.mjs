import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import '../support/ts.mjs'

const { backoff, mayRetry, retryAfter } = await import('../../src/retry.ts')

const DAY = 100_000_000
const NOW = Date.parse('2026-03-01T12:00:00Z')

test('the wait is spread evenly below 1 s and four times as long as the outage has lasted, or 5 min', () => {
  for (const [age, most] of [
    [0, 1_000],
    [500, 3_000],
    [10_000, 41_000],
    [74_750, 300_000],
    [600_000, 300_000],
  ]) {
    assert.equal(backoff(age, 0), 0)
    assert.equal(backoff(age, 0.5), most / 2)
    assert.equal(backoff(age, 1), most)
  }
})

test('no outage, and no jitter, leaves these bounds', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.nat(), random, (age, jitter) => {
      const ms = backoff(age, jitter)
      return ms >= 0 && ms < 300_000
    }),
  )
})

for (const [header, ms] of [
  ['0', undefined],
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['99999999', DAY],
  ['Sun, 01 Mar 2027 12:00:00 GMT', DAY],
  ['Sun, 01 Mar 2026 11:59:59 GMT', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
]) {
  test(`Retry-After ${JSON.stringify(header)} means ${ms} ms`, () => {
    assert.equal(retryAfter(header, NOW), ms && NOW + ms)
  })
}

test('these statuses may be tried again, and no others', () => {
  const again = Array.from({ length: 600 }, (_, status) => status).filter(mayRetry)
  const all5xx = Array.from({ length: 100 }, (_, index) => 500 + index)
  assert.deepEqual(again, [408, 425, 429, ...all5xx])
})

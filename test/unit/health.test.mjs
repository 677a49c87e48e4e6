// What pages remember of an API that is away.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import '../support/ts.mjs'

const kept = new Map()
globalThis.localStorage = {
  getItem: key => kept.get(key) ?? null,
  setItem: (key, value) => void kept.set(key, value),
  removeItem: key => void kept.delete(key),
}
const health = await import('../../src/health.ts')

const NOW = 1_800_000_000_000
const LONGEST = 300_000

const setClock = (t, now = NOW, random = 0.5) => {
  t.mock.timers.enable({ apis: ['Date'], now })
  t.mock.method(Math, 'random', () => random)
}

beforeEach(() => {
  kept.clear()
  health.answered()
})

test('has a form that the build shortens no names of', t => {
  setClock(t)
  health.failed(NOW)
  assert.deepEqual([...kept], [['pw-tag.down', JSON.stringify([NOW, NOW + 500])]])
})

test('a wait counts from the beginning of the try that has failed', t => {
  setClock(t)
  health.failed(NOW - 10_000)
  assert.equal(health.nextTry(0), NOW - 10_000 + (1_000 + 4 * 10_000) / 2)
})

test('a clock that was ahead leaves no time without a wait', t => {
  setClock(t, NOW + 3_600_000)
  health.failed(NOW + 3_600_000)
  t.mock.timers.setTime(NOW)
  health.failed(NOW)
  assert.equal(health.nextTry(0), NOW + 500)
})

test('a time that the API has named outranks what fails before it', t => {
  setClock(t)
  health.failed(NOW, NOW + 2 * LONGEST)
  health.failed(NOW + 1)
  assert.equal(health.nextTry(7 * 86_400_000), NOW + 2 * LONGEST)
  health.failed(NOW + 2 * LONGEST)
  assert.ok(health.nextTry(0) < NOW + 3 * LONGEST)
})

test('a network error is forgotten once the outage is known, since another page may hear of its end', () => {
  health.cut()
  assert.equal(health.heardAt, 0)
  const begun = Date.now() - 100
  health.failed(begun)
  kept.clear()
  assert.ok(!health.isFailing())
  assert.equal(health.heardAt, begun)
})

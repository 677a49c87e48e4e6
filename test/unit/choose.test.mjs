import assert from 'node:assert/strict'
import { test } from 'node:test'
import '../support/ts.mjs'

const { choose, OLDEST_MS } = await import('../../src/outbox.ts')

const NOW = 1_800_000_000_000
const ME = 'lme'
const all = { room: 10, bytes: 60_000, registration: () => true, newestAt: () => 0 }
const event = (id, rest) => ({
  id: `A|1|${id}`,
  method: 'postEvent',
  body: 'x'.repeat(100),
  time: NOW - 1000,
  attempts: 0,
  ...rest,
})
const user = (id, rest) => event(id, { id: `A|0|${id}`, method: 'registerUser', ...rest })
const ids = records => records.map(({ id }) => id.slice(4))
const run = (records, want, dead = []) => {
  const claim = choose(records, { ...all, ...want }, NOW, ME, dead)
  const reasons = claim.dropped.map(([{ id }, reason]) => [id.slice(4), reason])
  return {
    chosen: ids(claim.records),
    dropped: Object.fromEntries(reasons),
    next: claim.againMs,
    soon: claim.againMs !== undefined && claim.againMs <= 1_000,
    others: claim.others,
  }
}

test('takes all that is free, in order', () => {
  const { chosen, dropped, next, others } = run([user('a'), event('b'), event('c')])
  assert.deepEqual([chosen, dropped, next, others], [['a', 'b', 'c'], {}, undefined, []])
})

test('takes no more records than there is room, and says when to come again', () => {
  const { chosen, soon } = run([event('a'), event('b'), event('c')], { room: 2 })
  assert.deepEqual([chosen, soon], [['a', 'b'], true])
})

test('takes no more bytes than there are, passing over what is too large', () => {
  const large = event('large', { body: 'ю'.repeat(100) })
  const { chosen, soon } = run([event('a'), large, event('c')], { bytes: 250 })
  assert.deepEqual([chosen, soon], [['a', 'c'], true])
})

test('takes all that fits exactly', () => {
  assert.deepEqual(run([event('a'), event('b')], { bytes: 200 }).chosen, ['a', 'b'])
})

test('leaves what another page that may live has leased', () => {
  const records = [
    event('locked', { owner: 'lother', until: NOW - 60_000 }),
    event('lockless', { owner: 'nother', until: NOW + 1 }),
    event('free'),
  ]
  const { chosen, others, next } = run(records)
  assert.deepEqual(chosen, ['free'])
  assert.deepEqual(others.sort(), ['lother', 'nother'])
  assert.ok(next > 0 && next <= 20_000, `next ${next}`)
})

test('takes what a dead page had leased, and a lease that ran out where nobody can be asked', () => {
  const records = [
    event('dead', { owner: 'ldead', until: NOW + 10_000 }),
    event('over', { owner: 'nother', until: NOW - 1 }),
    event('alive', { owner: 'lother', until: NOW + 10_000 }),
  ]
  assert.deepEqual(run(records, {}, ['ldead']).chosen, ['dead', 'over'])
})

test('leaves what this page is sending itself, and is not called back for it', () => {
  const { chosen, others, next } = run([event('mine', { owner: ME, until: NOW + 10_000 })])
  assert.deepEqual([chosen, others, next], [[], [], undefined])
})

test('drops what is too old, and nothing younger', () => {
  const records = [
    event('old', { time: NOW - OLDEST_MS - 1 }),
    event('young', { time: NOW - OLDEST_MS }),
  ]
  const { chosen, dropped } = run(records)
  assert.deepEqual([chosen, dropped], [['young'], { old: 'too old' }])
})

test('of several registrations takes the newest, and drops the older', () => {
  const { chosen, dropped } = run([user('a'), user('b'), user('c'), event('e')])
  assert.deepEqual(chosen, ['c', 'e'])
  assert.deepEqual(dropped, { a: 'superseded', b: 'superseded' })
})

test('drops a registration older than the one the API took', () => {
  const records = [user('a', { time: NOW - 500 })]
  assert.deepEqual(run(records, { newestAt: () => NOW - 400 }).dropped, { a: 'superseded' })
  assert.deepEqual(run(records, { newestAt: () => NOW - 500 }).chosen, ['a'])
})

test('holds a registration while another is under way, here or elsewhere', () => {
  const here = run([user('a'), event('e')], { registration: () => false })
  assert.deepEqual(here.chosen, ['e'])
  assert.ok(here.next > 0)
  const elsewhere = run([user('a', { owner: 'lother', until: NOW + 9 }), user('b'), event('e')])
  assert.deepEqual([elsewhere.chosen, elsewhere.dropped], [['e'], {}])
})

test('takes first what was tried least: it may be the record that fails, and not the API', () => {
  const records = [event('tried', { attempts: 3 }), event('new'), event('once', { attempts: 1 })]
  assert.deepEqual(run(records, { room: 1 }).chosen, ['new'])
  assert.deepEqual(run(records).chosen, ['new', 'once', 'tried'])
})

test('finds nothing in nothing', () => {
  assert.deepEqual(run([]), { chosen: [], dropped: {}, next: undefined, soon: false, others: [] })
})

test('changes nothing that it is given', () => {
  const records = [user('a'), user('b'), event('c', { attempts: 2 }), event('d')]
  const want = Object.freeze({ ...all })
  const copy = JSON.stringify(records)
  choose(Object.freeze(records.map(Object.freeze)), want, NOW, ME, [])
  assert.equal(JSON.stringify(records), copy)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import '../support/ts.mjs'

const { choose, LEASE_MS, OLDEST_MS } = await import('../../src/outbox.ts')
const { TIMEOUT_MS } = await import('../../src/retry.ts')

const NOW = 1_800_000_000_000
const ME = 'lme'
const all = { room: 10, bytes: 60_000, registration: true }
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
const run = (records, want, { gone = [], total = records.length } = {}) => {
  const isGone = ({ owner }) => gone.includes(owner)
  const claim = choose(records, total, { ...all, ...want }, NOW, ME, isGone)
  return { chosen: ids(claim.records), dropped: ids(claim.dropped), isMore: claim.isMore }
}

test('takes all that is free, in order', () => {
  const { chosen, dropped, isMore } = run([user('a'), event('b'), event('c')])
  assert.deepEqual([chosen, dropped, isMore], [['a', 'b', 'c'], [], undefined])
})

test('takes no more records than there is room, and says that there is more', () => {
  const { chosen, isMore } = run([event('a'), event('b'), event('c')], { room: 2 })
  assert.deepEqual([chosen, isMore], [['a', 'b'], true])
})

test('takes no more bytes than there are, passing over what is too large', () => {
  const large = event('large', { body: 'ю'.repeat(100) })
  const { chosen, isMore } = run([event('a'), large, event('c')], { bytes: 250 })
  assert.deepEqual([chosen, isMore], [['a', 'c'], true])
})

test('takes all that fits exactly', () => {
  assert.deepEqual(run([event('a'), event('b')], { bytes: 200 }).chosen, ['a', 'b'])
})

test('leaves what another page that may live has leased', () => {
  const records = [event('theirs', { owner: 'other', until: NOW - 60_000 }), event('free')]
  const { chosen, isMore } = run(records)
  assert.deepEqual([chosen, isMore], [['free'], true])
})

test('shares the room with what other pages are sending, and not with what a frozen page holds', () => {
  const room = (owner, until) =>
    run([event('a', { owner, until }), event('b'), event('c')], { room: 2 }).chosen
  assert.deepEqual(room('other', NOW + LEASE_MS), ['b'])
  assert.deepEqual(room('other', NOW + LEASE_MS - TIMEOUT_MS), ['b', 'c'])
  assert.deepEqual(room(ME, NOW + LEASE_MS), ['b', 'c'], 'where this page has counted its own')
})

test('tries nothing while more is under way than there is room', () => {
  const theirs = event('a', { owner: 'other', until: NOW + LEASE_MS })
  const { chosen, isMore } = run([theirs, { ...theirs, id: 'A|1|b' }, event('c')], { room: 1 })
  assert.deepEqual([chosen, isMore], [[], true])
})

test('takes what a page had leased that is gone', () => {
  const records = [
    event('dead', { owner: 'dead', until: NOW + 10_000 }),
    event('alive', { owner: 'other', until: NOW + 10_000 }),
  ]
  assert.deepEqual(run(records, {}, { gone: ['dead'] }).chosen, ['dead'])
})

test('leaves what this page is sending itself, and does not come again for it', () => {
  const { chosen, isMore } = run([event('mine', { owner: ME, until: NOW + 10_000 })])
  assert.deepEqual([chosen, isMore], [[], undefined])
})

test('drops what is too old, and nothing younger', () => {
  const records = [
    event('old', { time: NOW - OLDEST_MS - 1 }),
    event('young', { time: NOW - OLDEST_MS }),
  ]
  const { chosen, dropped } = run(records)
  assert.deepEqual([chosen, dropped], [['young'], ['old']])
})

test('drops the first of too many, but no registration, and nothing that is under way', () => {
  const records = [
    user('a'),
    event('b', { owner: 'other', until: NOW + 9 }),
    event('c'),
    event('d'),
    event('e'),
  ]
  const { chosen, dropped } = run(records, {}, { total: 1_002 })
  assert.deepEqual(
    [chosen, dropped],
    [
      ['a', 'e'],
      ['c', 'd'],
    ],
  )
})

test('takes one registration at a time, and none while another is under way, here or elsewhere', () => {
  assert.deepEqual(run([user('a'), user('b'), event('e')]).chosen, ['a', 'e'])
  const here = run([user('a'), event('e')], { registration: false })
  assert.deepEqual([here.chosen, here.isMore], [['e'], true])
  const elsewhere = run([user('a', { owner: 'other', until: NOW + 9 }), user('b'), event('e')])
  assert.deepEqual(elsewhere.chosen, ['e'])
})

test('takes first what was tried least: it may be the record that fails, and not the API', () => {
  const records = [event('tried', { attempts: 3 }), event('new'), event('once', { attempts: 1 })]
  assert.deepEqual(run(records, { room: 1 }).chosen, ['new'])
  assert.deepEqual(run(records).chosen, ['new', 'once', 'tried'])
})

test('finds nothing in nothing', () => {
  assert.deepEqual(run([]), { chosen: [], dropped: [], isMore: undefined })
})

test('changes nothing that it is given', () => {
  const records = [user('a'), user('b'), event('c', { attempts: 2 }), event('d')]
  const want = Object.freeze({ ...all })
  const copy = JSON.stringify(records)
  choose(Object.freeze(records.map(Object.freeze)), 4, want, NOW, ME, () => false)
  assert.equal(JSON.stringify(records), copy)
})

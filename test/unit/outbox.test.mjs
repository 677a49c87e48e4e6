// The outbox where IndexedDB fails: what both tables have in common is tested in test/contract.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import '../support/ts.mjs'

const kept = new Map()
globalThis.localStorage = new Proxy(
  {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: key => void kept.delete(key),
  },
  {
    ownKeys: () => [...kept.keys()],
    getOwnPropertyDescriptor: (_, key) =>
      kept.has(key) && { enumerable: true, configurable: true, value: kept.get(key) },
  },
)
const { createOutbox } = await import('../../src/outbox.ts')
const { readSpools, removeSpool } = await import('../../src/spool.ts')
const { createMemoryTable } = await import('../../src/table.ts')

const lockOf = (owner, others = []) => ({
  hold: async () => owner,
  alive: async () => [owner, ...others],
  release() {},
})
const want = { room: 6, bytes: 60_000, registration: true }
const record = id => ({
  id: `A|1|${id}`,
  method: 'postEvent',
  body: '{"request":{}}',
  time: Date.now(),
  attempts: 0,
})

test('what has been delivered after IndexedDB has failed once is not sent by the next page', async () => {
  const database = createMemoryTable()
  let fails = false
  const durable = {
    transact: (...args) =>
      fails ? Promise.reject(new Error('QuotaExceededError')) : database.transact(...args),
    total: database.total,
  }
  const outbox = createOutbox(durable, createMemoryTable(), lockOf('this'))
  await outbox.prepare()
  await outbox.exchange([], [], [{ name: 'pw-tag.spool1', items: [record(1)], flying: [] }])
  const { records } = await outbox.exchange([], [], [], want)
  assert.equal(records.length, 1)
  fails = true
  const late = record(2)
  await outbox.exchange([], [], [{ name: 'pw-tag.spool2', items: [late], flying: [late] }])
  fails = false
  await outbox.exchange([records[0].id])
  outbox.takeMemory()

  const next = createOutbox(durable, createMemoryTable(), lockOf('next'))
  await next.prepare()
  assert.deepEqual((await next.exchange([], [], [], want)).records, [])
  assert.deepEqual([...kept.keys()], [])
})

test('a spool that two tabs have read is sent by one, though IndexedDB failed in the other', async () => {
  const database = createMemoryTable()
  const { total } = database
  const failing = { transact: () => Promise.reject(new Error('UnknownError')), total }
  let answer
  const turn = new Promise(resolve => {
    answer = resolve
  })
  const slow = { transact: (...args) => turn.then(() => database.transact(...args)), total }
  const one = createOutbox(failing, createMemoryTable(), lockOf('one', ['other']))
  const other = createOutbox(slow, createMemoryTable(), lockOf('other', ['one']))
  await Promise.all([one.prepare(), other.prepare()])
  const sent = record(3)
  kept.set(`pw-tag.spool${Date.now()}0.1`, JSON.stringify(['A', sent]))
  const [ofOne, ofOther] = [one, other].map(() => readSpools('A', item => item))

  const waits = other.exchange([], [], ofOther, want)
  await one.exchange([], [], ofOne)
  ofOne.forEach(removeSpool)
  const first = await one.exchange([], [], [], want)
  answer()
  await waits
  const second = await other.exchange([], [], [], want)
  assert.deepEqual(
    [...first.records, ...second.records].map(({ id, owner }) => [id, owner]),
    [[sent.id, 'one']],
  )
})

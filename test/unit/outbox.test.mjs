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
const { createMemoryTable } = await import('../../src/table.ts')

const lockOf = owner => ({ hold: async () => owner, alive: async () => [owner], release() {} })
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
  const outbox = createOutbox(durable, createMemoryTable(), lockOf('this'), Date.now)
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

  const next = createOutbox(durable, createMemoryTable(), lockOf('next'), Date.now)
  await next.prepare()
  assert.deepEqual((await next.exchange([], [], [], want)).records, [])
  assert.deepEqual([...kept.keys()], [])
})

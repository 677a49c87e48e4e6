// What the debug panel writes, and when it asks. What it makes of what `debug` says is in panel-history.test.mjs; how it looks and
// what it copies, in e2e/panel.test.mjs.
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import {
  call,
  endOf,
  eventRequest,
  flying,
  noted,
  record,
  STATE,
  seen,
  T,
  waiting,
} from '../support/sayings.mjs'

const { clock, pretty, report } = await import('../../src/panel/text.ts')
const { createWatch } = await import('../../src/panel/watch.ts')

const patched = []
const patch = (prototype, name, value) => {
  patched.push([prototype, name])
  Object.defineProperty(prototype, name, { value, configurable: true, enumerable: true })
}
afterEach(() => {
  for (const [prototype, name] of patched.splice(0)) delete prototype[name]
})

test('JSON is indented as JSON.stringify does', () => {
  for (const value of [
    { a: [1, 'b"', { c: null }], d: {}, e: [], f: { g: true, h: undefined } },
    [],
    {},
    [[]],
    null,
    'text',
  ]) {
    assert.equal(pretty(value), JSON.stringify(value, null, 2))
  }
})

test('JSON of many levels is written to its end', () => {
  let deep = []
  for (let level = 0; level < 2_000; level++) deep = [deep]
  const text = pretty({ deep })
  assert.equal(JSON.stringify(JSON.parse(text)), JSON.stringify({ deep }))
})

test('a time of another day tells the day, and what is no time is told as it is', () => {
  const noon = new Date(2026, 2, 1, 12, 0, 7).getTime()
  const told = [noon - 3_600_000, noon - 86_400_000, 1e99].map(time => clock(time, noon))
  assert.deepEqual(told, ['11:00:07', '2026-02-28 12:00', '1e+99'])
})

test('hostile prototypes change no text, and no match', () => {
  const deep = JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`)
  const one = record(eventRequest('A', { list: [1, { two: 2 }], deep }))
  const sayings = [waiting(one), flying(one), endOf(one, 'delivered', { attempts: 1 })]
  for (const prototype of [Array.prototype, Object.prototype, String.prototype]) {
    patch(prototype, 'toJSON', () => 'patched')
  }
  const history = noted(...sayings)
  const text = pretty(history.rows[0].request)
  for (const [prototype, name] of patched.splice(0)) delete prototype[name]
  assert.deepEqual(seen(history), [['A', 'delivered']])
  assert.deepEqual(JSON.parse(text), eventRequest('A', { list: [1, { two: 2 }], deep }))
})

test('the report holds all of it', () => {
  const one = record(eventRequest('A'), { time: T })
  const { rows } = noted(waiting(one), [T, 'call', Object.assign(['event', 'B'], { t: 1e99 })])
  const text = report(
    { state: STATE, rows, outbox: [] },
    { page: 'https://shop.test/', browser: 'Browser/1', time: T },
  )
  assert.deepEqual(JSON.parse(text), {
    time: '2026-03-01T12:00:00.000Z',
    page: 'https://shop.test/',
    browser: 'Browser/1',
    state: STATE,
    calls: [
      {
        time: '2026-03-01T12:00:00.000Z',
        method: 'postEvent',
        stage: 'waiting',
        attempts: 0,
        request: eventRequest('A'),
      },
      {
        time: '1e+99',
        method: 'postEvent',
        stage: 'held',
        attempts: 0,
        request: { event: 'B', attributes: {} },
      },
    ],
    outbox: [],
  })
})

/** A tag whose `get` is answered by hand. */
const createTag = () => {
  const asked = []
  const pw = (command, callback) => asked.push([command, callback])
  return { pw: Object.assign(pw, { d: [] }), asked, answer: state => asked.shift()[1](state) }
}

test('the tag is asked when it has said something, and from time to time, never twice at once', async () => {
  const { pw, asked, answer } = createTag()
  let now = T
  const reads = []
  const stored = { read: async name => reads.push(name) && [], cut() {} }
  const watch = createWatch(pw, stored, () => now)
  watch.look()
  watch.look()
  assert.equal(asked.length, 1)
  answer(STATE)
  assert.deepEqual(watch.look(), { state: STATE, rows: [], outbox: [] })
  assert.equal(asked.length, 0)
  pw.d.push(call('register', 'A'))
  assert.equal(watch.look().rows.length, 1)
  pw.d.push(call('register', 'B'))
  watch.look()
  assert.equal(asked.length, 1)
  answer(STATE)
  assert.deepEqual(seen(watch.look()), [
    ['A', 'not needed · nothing in it is new'],
    ['B', 'held'],
  ])
  now += 60_000
  watch.look()
  assert.equal(asked.length, 1)
  assert.deepEqual(reads, [])
})

test('the outbox is read where something waits, and may be read', async () => {
  const { pw, answer } = createTag()
  let now = T
  const one = record(eventRequest('A'))
  const leased = (name, until) => ({ ...record(eventRequest(name)), owner: 'page', until })
  let kept = [one, leased('B', T + 300_000), leased('C', T)]
  const stored = { read: async () => kept, cut() {} }
  const watch = createWatch(pw, stored, () => now)
  const lookAgain = async state => {
    now += 60_000
    watch.look()
    answer(state)
    await new Promise(setImmediate)
    return watch.look().outbox
  }
  assert.deepEqual(await lookAgain({ ...STATE, consent: 'pending', waiting: 1 }), [])
  const outbox = await lookAgain({ ...STATE, waiting: 2 })
  assert.deepEqual(seen({ rows: outbox }), [
    ['A', 'waiting'],
    ['B', 'in flight'],
    ['C', 'waiting'],
  ])
  assert.equal(await lookAgain({ ...STATE, waiting: 2 }), outbox)
  kept = Promise.reject(new Error('no database'))
  assert.deepEqual(await lookAgain({ ...STATE, waiting: 1 }), [])
})

test('a saying that can’t be read, as it comes from a page that has patched things, is passed over', () => {
  const { pw } = createTag()
  const watch = createWatch(pw, { read: async () => [], cut() {} })
  pw.d.push(
    [T, 'waiting', null],
    [
      T,
      'call',
      {
        get 0() {
          throw new Error('from the page')
        },
      },
    ],
    call('event', 'A'),
  )
  assert.deepEqual(seen(watch.look()), [['A', 'held']])
})

// What the debug panel makes of what `debug` says. How it looks and what it copies is in e2e/panel.test.mjs.
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import '../support/ts.mjs'

const { createHistory } = await import('../../src/panel/history.ts')
const { clock, pretty, report, standing, subject } = await import('../../src/panel/text.ts')
const { createWatch } = await import('../../src/panel/watch.ts')

const T = Date.parse('2026-03-01T12:00:00Z')
const HWID = '0123456789abcdef0123456789abcdef'
const STATE = {
  application: 'AAAAA-BBBBB',
  hwid: HWID,
  userId: null,
  consent: 'granted',
  waiting: 0,
  version: '1.2.3',
}

const eventRequest = (event, attributes = {}, at = T) => ({
  application: 'AAAAA-BBBBB',
  hwid: HWID,
  device_type: 11,
  event,
  attributes,
  timestampUTC: Math.floor(at / 1000),
  timestampCurrent: Math.floor(at / 1000),
})
const registration = userId => ({
  application: 'AAAAA-BBBBB',
  hwid: HWID,
  ...(userId && { userId }),
  device_type: 11,
  tz_offset: 0,
})

let ids = 0
const record = (request, more = {}) => ({
  id: `AAAAA-BBBBB|1|${++ids}`,
  method: 'event' in request ? 'postEvent' : 'registerUser',
  body: JSON.stringify({ request }),
  time: T + ++ids / 1024,
  attempts: 0,
  ...more,
})
const endOf = ({ method, body, attempts }, type, more = {}) => [
  T + 100,
  `${method} ${type}`,
  { type, method, request: JSON.parse(body).request, attempts, ...more },
]
const call = (...args) => [T, 'call', args]
const waiting = one => [T, 'waiting', one]
const flying = one => [T, 'in flight', one]

const noted = (...sayings) => {
  const history = createHistory()
  for (const saying of sayings) history.note(saying)
  return history
}
const seen = ({ rows }) => rows.map(row => [subject(row), standing(row)])

const patched = []
const patch = (prototype, name, value) => {
  patched.push([prototype, name])
  Object.defineProperty(prototype, name, { value, configurable: true, enumerable: true })
}
afterEach(() => {
  for (const [prototype, name] of patched.splice(0)) delete prototype[name]
})

test('a call becomes its request, and comes to its end', () => {
  const one = record(eventRequest('A', { n: 1 }))
  const history = noted([T, 'init', 'AAAAA-BBBBB'], call('event', 'A', { n: 1 }))
  assert.deepEqual(seen(history), [['A', 'held']])
  assert.deepEqual(history.rows[0].request, { event: 'A', attributes: { n: 1 } })
  history.note(waiting(one))
  assert.deepEqual(seen(history), [['A', 'waiting']])
  history.note(flying(one))
  assert.deepEqual(seen(history), [['A', 'in flight']])
  history.note(endOf({ ...one, attempts: 1 }, 'delivered', { status: 200 }))
  assert.deepEqual(seen(history), [['A', 'delivered']])
  assert.deepEqual(history.rows[0].request, eventRequest('A', { n: 1 }))
  assert.equal(history.rows[0].attempts, 1)
})

test('what was refused says why, and what is tried again how often it was sent', () => {
  const one = record(eventRequest('A'))
  const history = noted(waiting(one), flying(one))
  one.attempts = 1
  history.note(waiting(one))
  assert.deepEqual(seen(history), [['A', 'waiting · sent 1×']])
  history.note(flying(one))
  assert.deepEqual(seen(history), [['A', 'in flight · sent 2×']])
  const more = { reason: 'Argument error', status: 210, attempts: 2 }
  history.note(endOf(one, 'refused', more))
  assert.deepEqual(seen(history), [['A', 'refused · Argument error · status 210 · sent 2×']])
})

test('calls that are alike are told apart by their order, their ends by what is in flight', () => {
  const first = record(eventRequest('A', { n: 1 }))
  const second = record(eventRequest('A', { n: 2 }))
  const third = record(eventRequest('A', { n: 2 }))
  const history = noted(
    ...[1, 2, 2].map(n => call('event', 'A', { n })),
    ...[first, second, third].map(waiting),
    flying(third),
    endOf(third, 'delivered', { attempts: 1 }),
  )
  assert.deepEqual(
    history.rows.map(({ stage, request }) => [stage, request.attributes.n]),
    [
      ['waiting', 1],
      ['waiting', 2],
      ['delivered', 2],
    ],
  )
})

test('a record that the outbox gives back, as another object, is the same row', () => {
  const one = record(eventRequest('A'))
  const history = noted(waiting(one), flying({ ...one }), waiting({ ...one, attempts: 1 }))
  assert.deepEqual(seen(history), [['A', 'waiting · sent 1×']])
})

test('what another page has left has a row without a call, before what was called after it', () => {
  const left = record(eventRequest('A', {}, T - 60_000), { time: T - 60_000 })
  const history = noted(call('event', 'A'), waiting(left))
  assert.deepEqual(
    history.rows.map(({ stage, time }) => [stage, time]),
    [
      ['waiting', T - 60_000],
      ['held', T],
    ],
  )
  const old = record(eventRequest('Old', {}, T - 8 * 86_400_000))
  history.note(endOf(old, 'dropped', { reason: 'too old' }))
  assert.deepEqual(seen(history)[0], ['Old', 'dropped · too old'])
  assert.equal(history.rows[0].time, T - 8 * 86_400_000)
})

test('what is refused at the call is a row, and takes no other call’s place', () => {
  const history = noted(call('event', 'A'), [
    T,
    'postEvent refused',
    {
      type: 'refused',
      method: 'postEvent',
      request: { event: 'A' },
      reason: 'attributes must be an object',
      attempts: 0,
    },
  ])
  assert.deepEqual(seen(history), [
    ['A', 'held'],
    ['A', 'refused · attributes must be an object'],
  ])
  const large = record(eventRequest('Large', { note: 'x' }))
  history.note(call('event', 'Large', { note: 'x' }))
  history.note(endOf(large, 'refused', { reason: 'too many bytes' }))
  assert.deepEqual(seen(history).at(-1), ['Large', 'refused · too many bytes'])
  assert.equal(history.rows.length, 3)
})

test('registrations: of a user, of nobody, of the one that init names, and one too many', () => {
  const user = record(registration('7'))
  const nobody = record(registration())
  const named = record(registration('named'), { time: T - 30_000 })
  const history = noted(
    call('register', 'named'),
    call('register', 7),
    call('reset'),
    call('register', '7'),
    waiting(named),
    waiting(user),
    waiting(nobody),
    endOf(named, 'dropped', { reason: 'superseded' }),
  )
  history.settle(history.rows.slice(0, 4), STATE)
  assert.deepEqual(seen(history), [
    ['named', 'dropped · superseded'],
    ['7', 'handed over · to another page'],
    ['no user', 'handed over · to another page'],
    ['7', 'not needed · nothing in it is new'],
  ])
})

test('without consent calls are held, and dropped where it is denied', () => {
  const history = noted(call('event', 'A'))
  history.settle(history.rows.slice(0, 1), { ...STATE, consent: 'pending', hwid: null, waiting: 1 })
  assert.deepEqual(seen(history), [['A', 'held · consent pending']])
  history.note(call('event', 'B'))
  history.settle(history.rows.slice(0, 1), { ...STATE, consent: 'denied', hwid: null })
  assert.deepEqual(seen(history), [
    ['A', 'dropped · consent denied'],
    ['B', 'held'],
  ])
})

test('an event whose request has been put off stays held', () => {
  const history = noted(call('event', 'A'))
  history.settle(history.rows.slice(0, 1), { ...STATE, waiting: 1 })
  assert.deepEqual(seen(history), [['A', 'held']])
})

test('a page that is not shown yet settles nothing', () => {
  const history = noted(call('event', 'A'))
  history.settle(history.rows.slice(0, 1), { ...STATE, hwid: null, waiting: 1 })
  assert.deepEqual(seen(history), [['A', 'held']])
})

test('what was denied while the tag was asked is no other page’s to send', () => {
  const history = noted(waiting(record(eventRequest('A'))))
  history.settle(history.rows.slice(), STATE)
  assert.deepEqual(seen(history), [['A', 'handed over · to another page']])
  history.settle(history.rows.slice(), { ...STATE, consent: 'denied', hwid: null })
  assert.deepEqual(seen(history), [['A', 'dropped · consent denied']])
})

test('what waits stays so for as long as something waits', () => {
  const history = noted(waiting(record(eventRequest('A'))))
  history.settle(history.rows.slice(0, 1), { ...STATE, waiting: 1 })
  assert.deepEqual(seen(history), [['A', 'waiting']])
})

test('a page that is left hands over what is in flight, and may get it back', () => {
  const one = record(eventRequest('A'))
  const other = record(eventRequest('B'))
  const history = noted(waiting(one), flying(one), waiting(other))
  history.leave()
  assert.deepEqual(seen(history), [
    ['A', 'handed over · when the page was left'],
    ['B', 'waiting'],
  ])
  history.settle(history.rows.slice(0, 2), STATE)
  history.note(waiting({ ...one, id: `${one.id}?` }))
  assert.deepEqual(seen(history), [
    ['A', 'waiting'],
    ['B', 'handed over · to another page'],
  ])
  history.note(endOf(one, 'delivered', { attempts: 1 }))
  assert.deepEqual(seen(history)[0], ['A', 'delivered'])
  assert.equal(history.rows.length, 2)
})

test('rows are as they were called, whatever the page does with its objects', () => {
  const attributes = { n: 1, when: new Date(2020, 1, 29, 12, 34), lost: () => {} }
  const history = noted(call('event', 'A', attributes))
  attributes.n = 2
  assert.deepEqual(history.rows[0].request.attributes, { n: 1, when: '2020-02-29 12:34' })
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

// What the debug panel makes of what `debug` says.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  call,
  endOf,
  eventRequest,
  flying,
  noted,
  record,
  registration,
  STATE,
  seen,
  T,
  waiting,
} from '../support/sayings.mjs'

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
      reason: 'attributes must be a JSON object',
      attempts: 0,
    },
  ])
  assert.deepEqual(seen(history), [
    ['A', 'held'],
    ['A', 'refused · attributes must be a JSON object'],
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

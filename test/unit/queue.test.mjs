import assert from 'node:assert/strict'
import { test } from 'node:test'
import '../support/ts.mjs'

const { isRunning, takeOver } = await import('../../src/queue.ts')

const VERSION = '1.2.3'
const args = function () {
  // biome-ignore lint/complexity/noArguments: that is what a stub queues
  return arguments
}
const start = scope => {
  const runs = []
  const run = (call, time) => runs.push([Array.from(call), time])
  const pw = takeOver(scope, VERSION, run)
  return { pw, runs, calls: () => runs.map(([call]) => call) }
}

const nobody = {
  nothing: undefined,
  null: null,
  'an object': {},
  'a list': [],
  'a text': 'pw',
  'a function without a queue': () => {},
  'a function with a queue that is none': Object.assign(() => {}, { q: {} }),
  'an element': { nodeType: 1, id: 'pw', tagName: 'DIV' },
}
for (const [name, value] of Object.entries(nobody)) {
  test(`takes the place of ${name}`, () => {
    const scope = { pw: value }
    assert.equal(isRunning(scope), false)
    const { pw, calls } = start(scope)
    assert.equal(scope.pw, pw)
    assert.equal(typeof scope.pw, 'function')
    scope.pw('event', 'A', { a: 1 })
    scope.pw.q.push(['event', 'B'], args('event', 'C'))
    assert.deepEqual(calls(), [
      ['event', 'A', { a: 1 }],
      ['event', 'B'],
      ['event', 'C'],
    ])
    assert.equal(isRunning(scope), true)
  })
}

test('takes times that are no numbers for what they say, or for now', () => {
  const { pw, runs } = start({})
  for (const t of ['1600000000000', new Date(1_600_000_000_000), 'x', {}, Symbol('t')]) {
    pw.q.push(Object.assign(['event', 'A'], { t }))
  }
  const times = runs.map(([, time]) => time)
  assert.deepEqual(times.slice(0, 2), [1_600_000_000_000, 1_600_000_000_000])
  for (const time of times.slice(2)) assert.ok(Math.abs(time - Date.now()) < 1_000, `${time}`)
})

test('leaves a placeholder as it was', () => {
  const placeholder = Object.freeze({ other: 1 })
  start({ pw: placeholder })
  assert.deepEqual(placeholder, { other: 1 })
})

const stub = () => {
  const found = function () {
    // biome-ignore lint/complexity/noArguments: as the stub does
    found.q.push(Object.assign(arguments, { t: 5 }))
  }
  return Object.assign(found, { q: [], v: 0 })
}

test('keeps the stub’s function, so that references to it stay good', () => {
  const found = stub()
  found('event', 'Early')
  const queue = found.q
  const { pw, runs } = start({ pw: found })
  assert.equal(pw, found)
  assert.equal(pw.q, queue)
  found('event', 'Late')
  assert.deepEqual(runs, [
    [['event', 'Early'], 5],
    [['event', 'Late'], 5],
  ])
})

test('takes what is pushed to a kept reference to the queue', () => {
  const found = stub()
  const { q } = found
  const { calls } = start({ pw: found })
  q.push(['event', 'A'], ['event', 'B'])
  assert.deepEqual(calls(), [
    ['event', 'A'],
    ['event', 'B'],
  ])
})

test('a call without a time was made when the tag finds it', () => {
  const before = Date.now()
  const { runs } = start({ pw: { q: [['event', 'A'], Object.assign(['event', 'B'], { t: 7 })] } })
  assert.ok(runs[0][1] >= before && runs[0][1] <= Date.now())
  assert.equal(runs[1][1], 7)
})

test('takes a queue that a tag manager has built, where the function came later or never', () => {
  // createArgumentsQueue of Google Tag Manager's sandbox makes both.
  const manager = Object.assign((...call) => manager.q.push(call), { q: [] })
  manager('init', { application: 'A' })
  for (const found of [manager, { q: [['init', { application: 'A' }]] }]) {
    assert.deepEqual(start({ pw: found }).calls(), [['init', { application: 'A' }]])
  }
})

test('calls made while the queue is being taken in come after it', () => {
  const found = stub()
  found('event', 'A')
  found('event', 'B')
  const calls = []
  takeOver({ pw: found }, VERSION, ([, name]) => {
    calls.push(name)
    if (name === 'A') found('event', 'Nested')
  })
  assert.deepEqual([...calls].sort(), ['A', 'B', 'Nested'])
  assert.ok(calls.indexOf('A') < calls.indexOf('B'))
})

test('leaves to the spool what the stub has marked as being there, and takes the rest', () => {
  const found = stub()
  found('init', {})
  found('event', 'Spooled')
  found('get', () => {})
  found.q[1].k = 2
  found.q.push(['event', 'By a tag manager'])
  // Marked, but not written: a call between them stopped that.
  found.q.push(Object.assign(['event', 'Not written'], { k: 5 }))
  const names = call => call.map(([command, name]) => (command === 'event' ? name : command))
  const copy = k => Object.assign(stub(), { q: [...found.q], k })
  const rest = ['By a tag manager', 'Not written']
  assert.deepEqual(names(start({ pw: copy(3) }).calls()), ['init', 'get', ...rest])
  const all = ['init', 'Spooled', 'get', ...rest]
  for (const k of [0, undefined]) assert.deepEqual(names(start({ pw: copy(k) }).calls()), all)
})

test('what is inherited under that name is an element’s or a frame’s, and not looked at', () => {
  const frame = new Proxy(
    {},
    {
      get() {
        throw new Error('Another origin')
      },
    },
  )
  for (const pw of [frame, { q: ['a field'], v: 'a field' }]) {
    const scope = Object.create({ pw })
    assert.equal(isRunning(scope), false)
    const { calls } = start(scope)
    scope.pw('event', 'A')
    assert.deepEqual(calls(), [['event', 'A']])
  }
})

test('calls that can’t be read stop nothing', () => {
  const torn = new Proxy([], {
    get() {
      throw new Error('Torn')
    },
  })
  const seen = []
  const pw = takeOver({ pw: { q: [torn, null, ['event', 'A']], k: 1 } }, VERSION, call =>
    seen.push(call),
  )
  pw.q.push(torn, ['event', 'B'])
  assert.deepEqual(seen.length, 5)
  assert.deepEqual(
    [seen[2], seen[4]],
    [
      ['event', 'A'],
      ['event', 'B'],
    ],
  )
})

test('garbage in the queue reaches the tag, and stops nothing', () => {
  const { calls } = start({ pw: { q: [[], ['event', 'A'], { length: 0 }] } })
  assert.deepEqual(calls(), [[], ['event', 'A'], []])
})

test('a tag that runs is known by its version, a stub is none', () => {
  for (const pw of [undefined, {}, [], () => {}, stub()]) assert.equal(isRunning({ pw }), false)
  const scope = {}
  start(scope)
  assert.equal(isRunning(scope), true)
})

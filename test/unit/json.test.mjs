import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import '../support/ts.mjs'

const { byteLength, fromJson, toJson } = await import('../../src/json.ts')

const patched = new Map()
const patch = (prototype, name, value) => {
  patched.set(prototype, [name, Object.getOwnPropertyDescriptor(prototype, name)])
  Object.defineProperty(prototype, name, {
    value,
    configurable: true,
    writable: true,
    enumerable: true,
  })
}
afterEach(() => {
  for (const [prototype, [name, before]] of patched) {
    if (before) Object.defineProperty(prototype, name, before)
    else delete prototype[name]
  }
  patched.clear()
})

const sample = () => ({
  text: 'a',
  list: [1, 'b', { c: [] }],
  nested: { deep: { yes: true, nothing: null } },
  empty: {},
})
const plain = JSON.stringify(sample())

for (const [name, prototype] of [
  ['Array', Array.prototype],
  ['Object', Object.prototype],
  ['String', String.prototype],
]) {
  test(`passes over ${name}.prototype.toJSON, and leaves it there`, () => {
    const hostile = () => 'hostile'
    patch(prototype, 'toJSON', hostile)
    assert.equal(toJson(sample()), plain)
    assert.equal(prototype.toJSON, hostile)
  })
}

test('passes over all of them together', () => {
  process.env.TZ = 'UTC'
  for (const { prototype } of [Array, Object, String, Date, Number, Boolean]) {
    patch(prototype, 'toJSON', () => 'hostile')
  }
  assert.equal(
    toJson({ ...sample(), d: new Date(0) }),
    `${plain.slice(0, -1)},"d":"1970-01-01 00:00"}`,
  )
})

test('a Date is local time, even where Date.prototype.toJSON is hostile or missing', () => {
  process.env.TZ = 'Asia/Kolkata'
  const dates = { at: new Date('2026-05-01T20:00:00Z'), all: [new Date(0)] }
  const expected = '{"at":"2026-05-02 01:30","all":["1970-01-01 05:30"]}'
  assert.equal(toJson(dates), expected)
  patch(Date.prototype, 'toJSON', () => 'hostile')
  assert.equal(toJson(dates), expected)
  delete Date.prototype.toJSON
  assert.equal(toJson(dates), expected)
})

test('keeps an object’s own way to JSON', () => {
  const price = { toJSON: () => ({ amount: '1.10' }) }
  const json = toJson({ url: new URL('https://shop.test/a'), price })
  assert.equal(json, '{"url":"https://shop.test/a","price":{"amount":"1.10"}}')
})

test('keeps an own way to JSON where Object.prototype.toJSON is hostile', () => {
  patch(Object.prototype, 'toJSON', () => 'hostile')
  assert.equal(toJson({ price: { toJSON: () => 1.1 } }), '{"price":1.1}')
})

test('carries no enumerable additions of the prototypes', () => {
  patch(Object.prototype, 'extra', 1)
  assert.equal(toJson(sample()), plain)
})

for (const [name, value] of Object.entries({
  undefined: undefined,
  function: () => {},
  symbol: Symbol('s'),
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  'an invalid date': new Date(Number.NaN),
})) {
  test(`leaves ${name} out, of objects and of lists, and says so`, () => {
    let losses = 0
    const json = toJson({ a: 1, value, list: [1, value, 2] }, () => {
      losses++
    })
    assert.equal(json, '{"a":1,"list":[1,2]}')
    assert.ok(losses >= 2, `${losses} losses`)
  })
}

test('says nothing where nothing is lost', () => {
  toJson({ ...sample(), zero: -0, no: false, nothing: '' }, () => assert.fail('a loss'))
})

test('throws on a cycle, a BigInt, and a getter that throws', () => {
  const cycle = { list: [] }
  cycle.list.push(cycle)
  assert.throws(() => toJson(cycle))
  assert.throws(() => toJson({ big: 1n }))
  const getter = Object.defineProperty({}, 'boom', {
    enumerable: true,
    get: () => {
      throw new Error('mine')
    },
  })
  assert.throws(() => toJson(getter), /mine/)
})

test('an object met twice is no cycle', () => {
  const twice = { a: 1 }
  assert.equal(toJson([twice, twice]), '[{"a":1},{"a":1}]')
})

test('reads what it can, and else answers undefined', () => {
  assert.deepEqual(fromJson('{"a":[1]}'), { a: [1] })
  for (const text of ['', '{', undefined, '<html>']) assert.equal(fromJson(text), undefined)
})

test('counts bytes of UTF-8', () => {
  for (const text of ['', 'plain', 'größe', 'привет', '日本', '😀', '\ud800']) {
    assert.equal(byteLength(text), Buffer.byteLength(text), text)
  }
})

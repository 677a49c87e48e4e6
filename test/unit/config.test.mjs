import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { Window } from 'happy-dom'
import '../support/ts.mjs'

const { readConfig, readDataset } = await import('../../src/config.ts')

const APPLICATION = 'AAAAA-BBBBB'
const window = new Window({ url: 'https://shop.test/a/page?q=1' })
window.webkitURL = URL
const warnings = []
const read = options => readConfig({ application: APPLICATION, ...options })

const globals = ['location', 'navigator', 'webkitURL']
const kept = globals.map(name => [name, Object.getOwnPropertyDescriptor(globalThis, name)])
before(() => {
  for (const name of globals) {
    Object.defineProperty(globalThis, name, { value: window[name], configurable: true })
  }
})
after(async () => {
  for (const [name, descriptor] of kept) {
    if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    else delete globalThis[name]
  }
  await window.happyDOM.close()
})
beforeEach(t => {
  warnings.length = 0
  t.mock.method(console, 'warn', message => warnings.push(message))
})

test('the defaults', () => {
  assert.deepEqual(read({}), {
    application: APPLICATION,
    endpoint: 'https://api.pushwoosh.com/json/1.3',
    deviceType: 11,
    consent: 'granted',
    clicks: true,
  })
  assert.deepEqual(warnings, [])
})

test('all options as a page gives them', () => {
  const options = {
    application: APPLICATION,
    token: 'token',
    endpoint: 'https://first.party/pw',
    userId: '007',
    hwid: 'a-device',
    deviceType: '10',
    consent: 'pending',
    pageEvent: 'View',
    clicks: false,
    debug: true,
  }
  assert.deepEqual(read(options), options)
  assert.deepEqual(warnings, [])
})

test('all options as text, which data attributes and tag managers give', () => {
  const options = { deviceType: '10', clicks: 'false', debug: '', gpc: 'true', userId: 7 }
  const { deviceType, clicks, debug, userId } = read(options)
  assert.deepEqual([deviceType, clicks, debug, userId], ['10', false, true, '7'])
  assert.deepEqual(warnings, [])
})

test('an option that is null or undefined is as if left out', () => {
  assert.deepEqual(read({ token: null, userId: undefined, consent: null }), read({}))
  assert.deepEqual(warnings, [])
})

for (const [name, values] of Object.entries({
  token: ['', {}, [], () => {}, Symbol('s')],
  endpoint: ['', 'http://', 'javascript:alert(1)', 'ftp://host/', {}],
  userId: ['', {}, ['a'], () => {}, Number.NaN],
  hwid: ['', {}],
  deviceType: ['x', -1, 1.5, Number.NaN, {}],
  consent: ['yes', true, 1, {}],
  gpc: ['yes', 1, {}],
  pageEvent: ['', {}],
  clicks: ['yes', 0, {}],
  debug: ['yes', 2, {}],
  colour: ['red'],
  __proto__x: [1],
  hasOwnProperty: [1],
  toString: [1],
})) {
  test(`"${name}" of the wrong kind is warned of by name, and its default taken`, () => {
    for (const value of values) assert.deepEqual(read({ [name]: value }), read({}), String(value))
    // One a page for each kind of mistake.
    assert.equal(warnings.length, 1, warnings.join('\n'))
    assert.match(warnings[0], new RegExp(`init: ${name} can't be used; ignored`))
  })
}

test('without an application there is nothing to do', () => {
  for (const options of [undefined, null, {}, 5, [], { application: '' }]) {
    assert.equal(readConfig(options), undefined, JSON.stringify(options))
  }
  assert.ok(
    warnings.some(text => /init: application must be XXXXX-XXXXX; ignored/.test(text)),
    warnings.join('\n'),
  )
})

test('a text is no options', () => {
  assert.equal(readConfig('text'), undefined)
})

test('a malformed application warns and is used', () => {
  assert.equal(readConfig({ application: 'aaaaa-bbbbb' }).application, 'aaaaa-bbbbb')
  assert.equal(warnings.length, 1)
})

for (const [given, expected] of [
  ['https://api.test/json/1.3/', 'https://api.test/json/1.3'],
  ['https://api.test', 'https://api.test'],
  ['/pw', 'https://shop.test/pw'],
  ['/pw/', 'https://shop.test/pw'],
  ['pw', 'https://shop.test/a/pw'],
  ['//cdn.test/x/', 'https://cdn.test/x'],
]) {
  test(`endpoint ${given} is ${expected}`, () => {
    assert.equal(read({ endpoint: given }).endpoint, expected)
  })
}

test('gpc counts only where both the option and the browser say so', t => {
  const { navigator } = window
  const consents = () => [true, false].map(gpc => read({ gpc }).consent)
  assert.deepEqual(consents(), ['granted', 'granted'])
  navigator.globalPrivacyControl = true
  t.after(() => {
    delete navigator.globalPrivacyControl
  })
  assert.deepEqual(consents(), ['denied', 'granted'])
})

test('data attributes are options', () => {
  const { document } = window
  document.body.innerHTML = `<script type="x" data-application="${APPLICATION}" data-user-id="007"
    data-device-type="10" data-page-event="View" data-clicks="false" data-other="x"></script>`
  assert.deepEqual(JSON.parse(JSON.stringify(readDataset(document.querySelector('script')))), {
    application: APPLICATION,
    userId: '007',
    deviceType: '10',
    pageEvent: 'View',
    clicks: 'false',
  })
})

test('no data attributes, no options', () => {
  const { document } = window
  document.body.innerHTML = '<script type="x" data-user-id="1"></script>'
  assert.equal(readDataset(document.querySelector('script')), undefined)
})

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createSandbox } from '../../demo/sandbox.mjs'
import '../support/ts.mjs'

const transport = await import('../../src/transport.ts')
const { post: send } = transport

const api = createSandbox({ token: 'secret' })
let endpoint
before(async () => {
  globalThis.window = globalThis
  endpoint = await api.listen()
})
after(api.stop)
beforeEach(api.reset)

const event = { application: 'AAAAA-BBBBB', hwid: 'h', event: 'E', attributes: {} }
const user = { application: 'AAAAA-BBBBB', hwid: 'h', tz_offset: 0 }
const post = (request = event) =>
  send(`${endpoint}/postEvent`, JSON.stringify({ request }), undefined, {})

test('an event is plain text without a header of its own', async () => {
  const { type, status } = await post()
  assert.deepEqual([type, status], ['delivered', 200])
  const { headers } = api.requests[0]
  assert.equal(headers['content-type'].toLowerCase(), 'text/plain;charset=utf-8')
  assert.equal(headers.authorization, undefined)
  assert.equal(headers.cookie, undefined)
})

test('a registration carries the token', async () => {
  const body = JSON.stringify({ request: user })
  const sendWith = token => send(`${endpoint}/registerUser`, body, token, {})
  assert.equal((await sendWith('secret')).type, 'delivered')
  assert.equal(api.requests[0].headers.authorization, 'Token secret')
  const { type, status, reason } = await sendWith('wrong')
  assert.deepEqual([type, status], ['refused', 401])
  assert.match(reason, /Unauthorized/)
})

test('what the API finds fault with is refused, with its own words', async () => {
  const { type, status, reason } = await post({ ...event, event: '' })
  assert.deepEqual([type, status], ['refused', 210])
  assert.match(reason, /event must be/)
})

const json = (status, rest) => ({ status, ...rest })
for (const [how, expected] of [
  ...[400, 401, 402, 403, 404, 409, 410, 413, 422].map(status => [json(status), 'refused']),
  ...[408, 425, 429, 500, 501, 502, 503, 504, 599].map(status => [json(status), 'retry']),
  ...[210, 400, 403, 404].map(statusCode => [{ statusCode }, 'refused']),
  ...[408, 425, 429, 500, 503].map(statusCode => [{ statusCode }, 'retry']),
  [{ body: '<html>Log in to the hotel' }, 'retry'],
  [{ body: 'null' }, 'retry'],
  [{ body: '"OK"' }, 'retry'],
  [{ body: '200' }, 'retry'],
  [{ body: '<html>Bad gateway', status: 502 }, 'retry'],
  [{ body: '<html>Forbidden', status: 403 }, 'retry'],
  [{ drop: true }, 'retry'],
  [{ lose: true }, 'retry'],
]) {
  test(`${JSON.stringify(how)} is ${expected}`, async () => {
    api.behave(how)
    const { type } = await post()
    assert.equal(type, expected)
  })
}

test('JSON that is not the API’s is no success', async () => {
  for (const body of ['{}', '[]', '{"status_code":"yes"}', '{"ok":true}']) {
    api.behave({ body })
    assert.notEqual((await post()).type, 'delivered', body)
  }
})

test('hands on when the API wants to be asked again, and where', async () => {
  api.behave({ status: 503, retryAfter: 7 })
  const from = Date.now()
  const { notBefore } = await post()
  assert.ok(notBefore >= from + 7_000 && notBefore <= Date.now() + 7_000)
  api.behave({ baseUrl: 'https://eu.pushwoosh.com/json/1.3/' })
  assert.equal((await post()).baseUrl, 'https://eu.pushwoosh.com/json/1.3/')
})

for (const [what, text] of [
  ['a body that does not come', () => new Promise(() => {})],
  // WebKit ends bodies as the page is to be left.
  ['one that is empty', async () => ''],
]) {
  test(`gives up after 10 s, on ${what} too, and ends the request`, async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let aborted = false
    t.mock.method(globalThis, 'fetch', async (_, { signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true
      })
      return { status: 200, headers: new Headers(), text }
    })
    let outcome
    const sent = post().then(what => {
      outcome = what
    })
    await new Promise(setImmediate)
    t.mock.timers.tick(9_999)
    await new Promise(setImmediate)
    assert.equal(outcome, undefined)
    t.mock.timers.tick(1)
    await sent
    assert.deepEqual([outcome.type, !!outcome.cut, aborted], ['retry', false, true])
  })
}

test('a beacon that is missing, throws or is refused has taken nothing', () => {
  const beacon = sendBeacon => {
    Object.defineProperty(globalThis, 'navigator', { value: { sendBeacon }, configurable: true })
    return transport.beacon('/', '{}')
  }
  const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
  const boom = () => {
    throw new Error('patched')
  }
  try {
    for (const patched of [undefined, boom, () => false, () => undefined]) {
      assert.ok(!beacon(patched))
    }
    assert.ok(beacon(() => true))
    // A page's own may send in another way, and answer later.
    assert.ok(beacon(() => Promise.resolve(true)))
  } finally {
    if (own) Object.defineProperty(globalThis, 'navigator', own)
    else delete globalThis.navigator
  }
})

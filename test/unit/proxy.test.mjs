// What both proxies let pass, and what not. That the tag's requests arrive through them is tested in e2e/proxy.test.mjs.
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createSandbox } from '../../demo/sandbox.mjs'
import { createLimiter } from '../../proxy/limiter.mjs'
import { PROXIES } from '../proxies.mjs'

const token = 'proxy-token'
const event = { application: 'AAAAA-BBBBB', hwid: 'h', event: 'E', attributes: {} }
const registration = { application: 'AAAAA-BBBBB', hwid: 'h' }

for (const [name, startProxy] of Object.entries(PROXIES)) {
  describe(name, () => {
    const api = createSandbox({ token })
    let proxy
    let post
    before(async () => {
      proxy = await startProxy({ api: await api.listen(), site: 'http://127.0.0.1:9', token })
      post = (method, request, headers = {}) =>
        fetch(`${proxy.origin}/pw/${method}`, {
          method: 'POST',
          body: typeof request === 'string' ? request : JSON.stringify({ request }),
          headers,
        })
    })
    beforeEach(() => api.reset())
    after(async () => {
      await proxy?.stop()
      await api.stop()
    })

    test('adds the token to registerUser alone', async () => {
      assert.equal((await post('registerUser', registration)).status, 200)
      assert.equal((await post('postEvent', event, { authorization: 'Token mine' })).status, 200)
      const [register, posted] = api.requests
      assert.equal(register.headers.authorization, `Token ${token}`)
      assert.equal(posted.headers.authorization, undefined)
      assert.match(posted.headers['content-type'], /^text\/plain/)
      assert.deepEqual(posted.request, event)
    })

    test('passes the visitor’s address on, whatever the visitor says, and no cookies', async () => {
      await post('postEvent', event, { 'x-forwarded-for': '1.2.3.4', cookie: 'session=secret' })
      const [{ headers }] = api.requests
      assert.equal(headers['x-forwarded-for'], '127.0.0.1')
      assert.equal(headers.cookie, undefined)
    })

    test('passes the API’s refusals on, but no other address', async () => {
      api.behave({ baseUrl: 'https://eu1.pushwoosh.com/json/1.3', times: 1 })
      const answer = await (await post('postEvent', event)).json()
      assert.equal(answer.status_code, 200)
      assert.equal(answer.base_url, undefined)
      assert.equal((await (await post('postEvent', {})).json()).status_code, 210)
      api.behave({ status: 503, retryAfter: 7 })
      const busy = await post('postEvent', event)
      assert.deepEqual([busy.status, busy.headers.get('retry-after')], [503, '7'])
    })

    test('says so where the API is away', async t => {
      t.mock.method(console, 'error', () => {})
      await api.stop()
      assert.equal((await post('postEvent', event)).status, 502)
      await api.listen()
      assert.equal((await post('postEvent', event)).status, 200)
    })

    test('lets nothing else pass', async () => {
      assert.equal((await post('createMessage', event)).status, 404)
      assert.equal((await post('postEvent/x', event)).status, 404)
      const { status } = await fetch(`${proxy.origin}/pw/postEvent`)
      assert.equal(status, { nginx: 403, node: 405 }[name])
      assert.equal((await post('postEvent', 'x'.repeat(70_000))).status, 413)
      assert.equal(api.requests.length, 0)
      const largest = { ...event, attributes: { text: 'x'.repeat(59_000) } }
      assert.equal((await post('postEvent', largest)).status, 200)
    })

    // The last one: afterwards this address has to wait.
    test('lets no address send without end', async () => {
      const answers = await Promise.all(Array.from({ length: 80 }, () => post('postEvent', event)))
      const refused = answers.filter(({ status }) => status === 429)
      assert.ok(refused.length >= 30 && refused.length <= 60, `${refused.length} refused`)
      assert.equal(refused[0].headers.get('retry-after'), '2')
      assert.equal(api.requests.length, 80 - refused.length)
    })
  })
}

test('the limit is one of each address, and of the time', () => {
  const mayPass = createLimiter({ rate: 2, burst: 3 })
  const times = (count, address, now) =>
    Array.from({ length: count }, () => mayPass(address, now)).filter(Boolean).length
  assert.equal(times(5, 'a', 0), 3)
  assert.equal(times(5, 'b', 0), 3)
  assert.equal(times(5, 'a', 1_000), 2)
  assert.equal(times(5, 'a', 60_000), 3)
})

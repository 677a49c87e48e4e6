import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createSandbox } from '../../demo/sandbox.mjs'

const ORIGIN = 'https://shop.example'
const REGISTER = {
  application: 'ABCDE-12345',
  hwid: '8f65b16df378e7a6bece9614e1530fb2',
  userId: '007',
  tz_offset: -3600,
  device_type: 11,
}
const EVENT = {
  application: 'ABCDE-12345',
  hwid: '8f65b16df378e7a6bece9614e1530fb2',
  userId: '007',
  device_type: 12,
  event: 'cartFilled',
  attributes: { items: 3, nested: { list: [1, 'two'] } },
  timestampUTC: 1435228403,
  timestampCurrent: 1435253603,
}
const BASIC_EVENT = { application: 'ABCDE-12345', hwid: 'x', event: 'e', attributes: {} }

const sandbox = createSandbox()
let endpoint

before(async () => {
  endpoint = await sandbox.listen()
})
beforeEach(() => sandbox.reset())
after(() => sandbox.stop())

const without = (object, field) => {
  const { [field]: _, ...rest } = object
  return rest
}

const send = (path, body, headers, signal) =>
  fetch(`${endpoint}/${path}`, {
    method: 'POST',
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    headers: { origin: ORIGIN, ...headers },
    signal,
  })

const post = async (method, request, headers, signal) => {
  const authorization = method === 'registerUser' && { authorization: 'Token demo-device-token' }
  const response = await send(method, { request }, { ...authorization, ...headers }, signal)
  const text = await response.text()
  const json = text.startsWith('{') ? JSON.parse(text) : undefined
  return { status: response.status, headers: response.headers, text, json }
}

const preflight = (method, headers) =>
  fetch(`${endpoint}/${method}`, {
    method: 'OPTIONS',
    headers: { origin: ORIGIN, 'access-control-request-method': 'POST', ...headers },
  })

/** Sends what will not be answered, and waits until the sandbox has it. */
const postUnanswered = async (method, request) => {
  const leaving = new AbortController()
  const seen = new Promise(resolve => {
    const off = sandbox.on(event => {
      if (event.type === 'request') resolve(off())
    })
  })
  const lost = assert.rejects(post(method, request, {}, leaving.signal))
  await seen
  leaving.abort()
  await lost
}

describe('what is taken', () => {
  test('registerUser', async () => {
    const { status, json } = await post('registerUser', REGISTER)
    assert.equal(status, 200)
    assert.deepEqual(json, { status_code: 200, status_message: 'OK', response: null })
    const [entry] = sandbox.accepted('registerUser')
    assert.deepEqual(entry.request, REGISTER)
    assert.equal(entry.method, 'registerUser')
    assert.equal(entry.status, 200)
    assert.equal(entry.statusCode, 200)
    assert.equal(entry.message, 'OK')
    assert.equal(entry.counted, true)
    assert.ok(Math.abs(Date.now() - entry.at) < 1000)
    assert.equal(entry.raw, JSON.stringify({ request: REGISTER }))
    assert.equal(entry.headers.authorization, 'Token demo-device-token')
  })

  test('postEvent, with a code of its own', async () => {
    const codes = new Set()
    for (const request of [EVENT, EVENT, BASIC_EVENT]) {
      const { status, json } = await post('postEvent', request)
      assert.equal(status, 200)
      assert.equal(json.status_code, 200)
      assert.match(json.response.code, /^[0-9A-F]{5}-[0-9A-F]{5}$/)
      codes.add(json.response.code)
    }
    assert.equal(codes.size, 3)
    assert.equal(sandbox.accepted('postEvent').length, 3)
    assert.equal(sandbox.accepted('registerUser').length, 0)
    assert.equal(sandbox.accepted().length, 3)
  })

  test('registerUser without what is optional', async () => {
    const { application, hwid } = REGISTER
    assert.equal((await post('registerUser', { application, hwid })).json.status_code, 200)
  })

  test('any prefix, any query', async () => {
    const root = new URL(endpoint).origin
    for (const path of ['/postEvent?a=1&b=', '/first/party/postEvent']) {
      const body = JSON.stringify({ request: EVENT })
      const response = await fetch(root + path, { method: 'POST', body })
      assert.equal(response.status, 200, path)
    }
    assert.deepEqual(
      sandbox.requests.map(r => r.query),
      [{ a: '1', b: '' }, {}],
    )
  })

  test('no token, where none is demanded', async () => {
    const open = createSandbox({ token: null })
    const body = JSON.stringify({ request: REGISTER })
    const response = await fetch(`${await open.listen()}/registerUser`, { method: 'POST', body })
    assert.equal(response.status, 200)
    await open.stop()
  })
})

describe('what is an argument error', () => {
  const texts = ['', 7, null, true, {}, []]
  const integers = ['1', 1.5, null, true, {}, []]
  const deviceTypes = [0, 2, 13, '11', 11.5, null]
  const applications = [...texts, 'ABCDE12345', 'ABCDE-1234', 'abcde-12345', ' ABCDE-12345']
  const cases = {
    registerUser: {
      request: REGISTER,
      required: ['application', 'hwid'],
      wrong: {
        application: applications,
        hwid: texts,
        userId: texts,
        tz_offset: integers,
        device_type: deviceTypes,
      },
      unknown: ['ts_offset', 'event', 'attributes', 'timestampUTC', 'constructor'],
    },
    postEvent: {
      request: EVENT,
      required: ['application', 'hwid', 'event', 'attributes'],
      wrong: {
        application: applications,
        hwid: texts,
        userId: texts,
        event: texts,
        attributes: ['', 'a', 1, null, [], true],
        device_type: deviceTypes,
        timestampUTC: integers,
        timestampCurrent: integers,
      },
      unknown: ['tz_offset', 'user_id', 'constructor'],
    },
  }

  const isRefused = async (method, request, field) => {
    const { status, json } = await post(method, request)
    assert.equal(status, 200)
    assert.equal(json.status_code, 210, `${field}: ${JSON.stringify(request[field])}`)
    assert.ok(json.status_message.startsWith(`${field} `), json.status_message)
    assert.equal(json.response, null)
    assert.equal(sandbox.requests.at(-1).statusCode, 210)
    assert.equal(sandbox.requests.at(-1).counted, false)
  }

  for (const [method, { request, required, wrong, unknown }] of Object.entries(cases)) {
    for (const field of required) {
      test(`${method} without ${field}`, () => isRefused(method, without(request, field), field))
    }
    for (const [field, values] of Object.entries(wrong)) {
      test(`${method} with a wrong ${field}`, async () => {
        for (const value of values) await isRefused(method, { ...request, [field]: value }, field)
      })
    }
    test(`${method} with a field it does not have`, async () => {
      for (const field of unknown) await isRefused(method, { ...request, [field]: 'x' }, field)
    })
  }
})

describe('what is not a request to the API', () => {
  test('a malformed body: 400', async () => {
    const bodies = [
      '',
      '{',
      'null',
      '[]',
      '{}',
      '{"request":1}',
      '{"request":[]}',
      '{"request":null}',
    ]
    bodies.push(JSON.stringify({ request: EVENT, more: 1 }))
    bodies.push(new Uint8Array([...Buffer.from('{"request":{"event":"'), 0xe9, 0x22, 0x7d, 0x7d]))
    for (const body of bodies) {
      const response = await send('postEvent', body)
      assert.equal(response.status, 400, String(body))
      assert.equal((await response.json()).status_code, 400)
    }
    assert.equal(sandbox.requests.length, bodies.length)
    assert.equal(sandbox.accepted().length, 0)
  })

  test('a missing or wrong token: 401', async () => {
    for (const authorization of ['', 'Token', 'Token wrong', 'demo-device-token', 'Token a b']) {
      const { status, json, headers } = await post('registerUser', REGISTER, { authorization })
      assert.equal(status, 401)
      assert.equal(json.status_code, 401)
      assert.equal(headers.get('access-control-allow-origin'), ORIGIN)
    }
    assert.equal((await send('registerUser', { request: REGISTER })).status, 401)
    assert.equal(sandbox.accepted().length, 0)
  })

  test('another path: 404, another verb: 405', async () => {
    for (const path of [
      '',
      'postEvents',
      'registerDevice',
      '/postEvent',
      'postEvent/',
      'postevent',
    ]) {
      const response = await send(path, { request: EVENT })
      assert.equal(response.status, 404, path)
      assert.equal((await response.json()).status_code, 404)
    }
    const get = await fetch(`${endpoint}/postEvent`)
    assert.equal(get.status, 405)
    assert.equal((await get.json()).status_code, 405)
    assert.equal(sandbox.requests.length, 0)
  })

  test('a body over 1 MB: 413', async () => {
    const response = await send('postEvent', 'x'.repeat(1024 * 1024 + 1))
    assert.equal(response.status, 413)
    assert.equal(sandbox.requests.length, 0)
    assert.equal((await send('postEvent', 'x'.repeat(1024 * 1024))).status, 400)
  })

  test('a body that breaks off is not recorded', async () => {
    const socket = connect(new URL(endpoint).port, '127.0.0.1')
    socket.write('POST /postEvent HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"request"')
    socket.end()
    await once(socket.resume(), 'close')
    assert.equal(sandbox.requests.length, 0)
    assert.equal((await post('postEvent', EVENT)).status, 200)
  })
})

describe('CORS', () => {
  test('a preflight lets the token through', async () => {
    const response = await preflight('registerUser', {
      'access-control-request-headers': 'authorization',
    })
    assert.equal(response.status, 204)
    assert.equal(response.headers.get('access-control-allow-origin'), ORIGIN)
    assert.equal(response.headers.get('access-control-allow-methods'), 'POST')
    assert.equal(
      response.headers.get('access-control-allow-headers'),
      'authorization, content-type',
    )
    assert.equal(response.headers.get('access-control-max-age'), '600')
    assert.equal(sandbox.requests.length, 0)
    assert.equal(sandbox.preflights.length, 1)
    assert.equal(sandbox.preflights[0].method, 'registerUser')
    assert.equal(sandbox.preflights[0].headers['access-control-request-headers'], 'authorization')
  })

  test('a page may read each answer, a credentialed one too', async () => {
    sandbox.behave({ status: 503, times: 1 })
    for (const origin of [ORIGIN, 'null', 'http://localhost:8080']) {
      const { headers } = await post('postEvent', EVENT, { origin })
      assert.equal(headers.get('access-control-allow-origin'), origin)
      assert.equal(headers.get('access-control-allow-credentials'), 'true')
      assert.match(headers.get('vary'), /origin/i)
    }
    const plain = await fetch(`${endpoint}/postEvent`, { method: 'POST' })
    assert.equal(plain.headers.get('access-control-allow-origin'), '*')
    assert.equal(plain.headers.get('access-control-allow-credentials'), null)
  })

  test('maxAge', async () => {
    sandbox.behave({ maxAge: 0 })
    const response = await preflight('registerUser')
    assert.equal(response.headers.get('access-control-max-age'), '0')
  })

  test('the mode tells a beacon from a fetch, where there is one', async () => {
    const modes = { cors: 'fetch', 'no-cors': 'beacon', navigate: undefined }
    for (const [mode, transport] of Object.entries(modes)) {
      const socket = connect(new URL(endpoint).port, '127.0.0.1')
      const head = `POST /postEvent HTTP/1.1\r\nHost: x\r\nSec-Fetch-Mode: ${mode}\r\n`
      socket.write(`${head}Content-Length: 2\r\n\r\n{}`)
      await once(socket.resume(), 'close')
      assert.equal(sandbox.requests.at(-1).transport, transport)
    }
    await post('postEvent', EVENT)
  })
})

describe('misbehaviour', () => {
  test('status', async () => {
    for (const status of [400, 404, 408, 429, 500, 503]) {
      sandbox.behave({ status })
      const { status: got, json } = await post('postEvent', EVENT)
      assert.equal(got, status)
      assert.equal(json.status_code, status)
      assert.equal(sandbox.requests.at(-1).status, status)
    }
    assert.equal(sandbox.requests.length, 6)
    assert.equal(sandbox.accepted().length, 0)
  })

  test('statusCode', async () => {
    sandbox.behave({ statusCode: 503 })
    const { status, json } = await post('postEvent', EVENT)
    assert.equal(status, 200)
    assert.equal(json.status_code, 503)
    assert.equal(sandbox.accepted().length, 0)
  })

  test('retryAfter and headers', async () => {
    sandbox.behave({
      status: 429,
      retryAfter: 7,
      headers: { 'x-more': 'yes', 'access-control-allow-origin': null },
    })
    const { headers } = await post('postEvent', EVENT)
    assert.equal(headers.get('retry-after'), '7')
    assert.equal(headers.get('access-control-expose-headers'), 'Retry-After')
    assert.equal(headers.get('x-more'), 'yes')
    assert.equal(headers.get('access-control-allow-origin'), null)
  })

  test('body', async () => {
    for (const body of ['<html>portal', '']) {
      sandbox.behave({ body })
      const { status, text } = await post('postEvent', EVENT)
      assert.equal(status, 200)
      assert.equal(text, body)
    }
    assert.equal(sandbox.accepted().length, 0)
  })

  test('noStore and baseUrl', async () => {
    sandbox.behave({ noStore: true, baseUrl: 'https://eu.pushwoosh.com/json/1.3/' })
    const { headers, json } = await post('postEvent', EVENT)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(json.base_url, 'https://eu.pushwoosh.com/json/1.3/')
    assert.equal(sandbox.accepted().length, 1)
  })

  test('delayMs: recorded at receipt, answered later', async () => {
    sandbox.behave({ delayMs: 60 })
    const answered = post('postEvent', EVENT)
    const events = []
    sandbox.on(event => events.push(event))
    assert.equal((await answered).status, 200)
    const [{ at, counted }] = sandbox.requests
    assert.ok(Date.now() - at >= 55)
    assert.equal(counted, true)
    assert.equal(events[0].type, 'request')
  })

  test('hang: read, not taken, not answered', async () => {
    sandbox.behave({ hang: true })
    await postUnanswered('postEvent', EVENT)
    assert.equal(sandbox.requests.length, 1)
    assert.equal(sandbox.requests[0].status, 0)
    assert.deepEqual(sandbox.requests[0].request, EVENT)
    assert.equal(sandbox.accepted().length, 0)
  })

  test('drop: cut off, not taken', async () => {
    sandbox.behave({ drop: true })
    await assert.rejects(post('postEvent', EVENT))
    assert.equal(sandbox.requests.length, 1)
    assert.equal(sandbox.accepted().length, 0)
  })

  test('lose: taken, then cut off', async () => {
    sandbox.behave({ lose: true })
    await assert.rejects(post('postEvent', EVENT))
    await assert.rejects(post('postEvent', without(EVENT, 'hwid')))
    assert.deepEqual(
      sandbox.requests.map(r => [r.status, r.statusCode]),
      [
        [0, 200],
        [0, 210],
      ],
    )
    assert.equal(sandbox.accepted().length, 1)
  })

  test('preflightDelayMs and hangPreflight', async () => {
    sandbox.behave({ preflightDelayMs: 40, times: 1 })
    const start = Date.now()
    assert.equal((await preflight('registerUser')).status, 204)
    assert.ok(Date.now() - start >= 35)
    sandbox.behave({ hangPreflight: true })
    const seen = new Promise(resolve => {
      const off = sandbox.on(({ type }) => type === 'preflight' && resolve(off()))
    })
    const leaving = new AbortController()
    const hung = assert.rejects(
      fetch(`${endpoint}/registerUser`, { method: 'OPTIONS', signal: leaving.signal }),
    )
    await seen
    leaving.abort()
    await hung
    assert.equal(sandbox.preflights.length, 2)
  })

  test('times: so many requests, then good again; preflights do not count', async () => {
    sandbox.behave({ status: 500, times: 2 })
    await preflight('postEvent')
    const statuses = []
    for (let i = 0; i < 3; i++) statuses.push((await post('postEvent', EVENT)).status)
    assert.deepEqual(statuses, [500, 500, 200])
  })

  test('times of a preflight: requests do not count', async () => {
    sandbox.behave({ preflightDelayMs: 40, times: 1 })
    await post('postEvent', EVENT)
    const start = Date.now()
    await preflight('registerUser')
    assert.ok(Date.now() - start >= 35)
    sandbox.behave()
  })

  test('a function decides for each request', async () => {
    sandbox.behave(({ method, request }) =>
      method === 'postEvent' && request.event === 'bad' ? { status: 500 } : undefined,
    )
    await preflight('registerUser')
    assert.equal((await post('postEvent', { ...EVENT, event: 'bad' })).status, 500)
    assert.equal((await post('postEvent', EVENT)).status, 200)
    assert.equal((await post('registerUser', REGISTER)).status, 200)
    sandbox.behave()
    assert.equal((await post('postEvent', { ...EVENT, event: 'bad' })).status, 200)
  })

  test('stop goes away at once, listen comes back on the same port', async () => {
    sandbox.behave({ hang: true })
    const hung = assert.rejects(post('postEvent', EVENT))
    await new Promise(resolve => {
      const off = sandbox.on(() => resolve(off()))
    })
    await sandbox.stop()
    await hung
    await assert.rejects(post('postEvent', EVENT), error => error.cause.code === 'ECONNREFUSED')
    assert.equal(await sandbox.listen(), endpoint)
    sandbox.behave()
    assert.equal((await post('postEvent', EVENT)).status, 200)
    await sandbox.stop()
    await sandbox.stop()
    assert.equal(await sandbox.listen(), endpoint)
    assert.equal(await sandbox.listen(), endpoint)
  })
})

test('the feed tells of requests, preflights and their ends, until it is let go', async () => {
  const events = []
  const ended = new Promise(resolve => {
    const off = sandbox.on(event => {
      events.push(event)
      if (event.type === 'closed') resolve(off())
    })
  })
  await preflight('postEvent')
  await post('postEvent', EVENT)
  await ended
  await post('postEvent', EVENT)
  assert.deepEqual(
    events.map(e => e.type),
    ['preflight', 'request', 'closed'],
  )
  assert.equal(events[1].answer.status_code, 200)
  assert.equal(events[2].id, events[1].id)
  assert.equal(events[2].answered, true)
})

test('reset forgets', async () => {
  await post('postEvent', EVENT)
  await preflight('postEvent')
  sandbox.behave({ status: 500 })
  sandbox.reset()
  assert.equal(sandbox.requests.length, 0)
  assert.equal(sandbox.preflights.length, 0)
  assert.equal((await post('postEvent', EVENT)).status, 200)
})

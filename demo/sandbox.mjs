import { randomBytes } from 'node:crypto'
import { createServer, STATUS_CODES } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { corsHeaders, guessTransport, readBody, sendJson } from './http.mjs'
import { findFault, parseBody } from './rules.mjs'

const PATH = /^(?:\/[^/]+)*\/(registerUser|postEvent)$/
const PREFIX = '/json/1.3'
const PREFLIGHT_AGE = 600
const MESSAGES = { ...STATUS_CODES, 210: 'Argument error' }

/**
 * How the next requests are answered. Everything is optional; what is left out is as the API does it.
 * @typedef {object} Behaviour
 * @property {number} [delayMs] answer so much later; the request is recorded, and taken, at its receipt
 * @property {number} [status] HTTP status, and `status_code` in the body; anything but 200 is not taken
 * @property {number} [statusCode] HTTP 200 with this `status_code`; anything but 200 is not taken
 * @property {string} [body] this text in the place of JSON, as a captive portal does; not taken
 * @property {boolean} [hang] never answer; not taken
 * @property {boolean} [drop] cut the connection in the place of an answer; not taken
 * @property {boolean} [lose] the same, but the request is taken, if it is a good one
 * @property {number | string} [retryAfter] `Retry-After`, readable by a page
 * @property {Record<string, string | null>} [headers] more headers of the answer; null leaves one out
 * @property {boolean} [noStore] `Cache-Control: no-store`
 * @property {string} [baseUrl] `base_url` of the answer
 * @property {number} [maxAge] for how many seconds a browser may remember a preflight
 * @property {number} [preflightDelayMs] answer a preflight so much later
 * @property {boolean} [hangPreflight] never answer a preflight
 * @property {number} [times] so many requests only, then good again. Preflights count, and count alone,
 *   where one of the two properties above is given.
 */

/**
 * Stands in for Pushwoosh's API, as strict as its documentation, and misbehaves when told to.
 * With `token: null` registerUser needs no `Authorization`, as behind a proxy that adds it.
 * @param {{ token?: string | null }} [options]
 */
export function createSandbox({ token = 'demo-device-token' } = {}) {
  const requests = []
  const preflights = []
  const listeners = new Set()
  let ids = 0
  let behaviour
  let server
  let lastPort = 0

  const emit = event => {
    for (const listener of listeners) listener(event)
  }

  // A function sees requests only, so that one which counts is not put out by a preflight that
  // the browser may or may not have remembered.
  const behaviourFor = (isPreflight, info) => {
    if (typeof behaviour === 'function') return (!isPreflight && behaviour(info)) || {}
    const now = behaviour ?? {}
    const isForPreflight = 'preflightDelayMs' in now || 'hangPreflight' in now
    if (now.times !== undefined && isPreflight === isForPreflight) {
      behaviour = now.times > 1 ? { ...now, times: now.times - 1 } : undefined
    }
    return now
  }

  const judge = (method, headers, { request, malformed }, how) => {
    if (how.hang || how.drop) return { status: 0, statusCode: 0, message: '' }
    if (how.body !== undefined) return { status: how.status ?? 200, statusCode: 0, message: '' }
    const status = how.status ?? 200
    const forced = how.statusCode ?? status
    if (forced !== 200) return { status, statusCode: forced, message: MESSAGES[forced] ?? '' }
    if (method === 'registerUser' && token !== null && headers.authorization !== `Token ${token}`) {
      return { status: 401, statusCode: 401, message: 'Unauthorized: wrong or missing token' }
    }
    if (malformed) return { status: 400, statusCode: 400, message: malformed }
    const fault = findFault(method, request)
    if (fault) return { status: 200, statusCode: 210, message: fault }
    return { status: 200, statusCode: 200, message: 'OK' }
  }

  const preflight = async (method, req, res) => {
    const entry = { at: Date.now(), method, headers: req.headers }
    preflights.push(entry)
    emit({ type: 'preflight', ...entry })
    const how = behaviourFor(true, entry)
    if (how.hangPreflight) return
    if (how.preflightDelayMs) await pause(how.preflightDelayMs)
    res.writeHead(204, {
      ...corsHeaders(req),
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': how.maxAge ?? PREFLIGHT_AGE,
    })
    res.end()
  }

  const post = async (method, query, req, res) => {
    const { bytes, tooLarge } = await readBody(req)
    if (tooLarge) return sendJson(req, res, 413, 'The body is too large')
    if (!bytes) return
    const parsed = parseBody(bytes)
    const entry = {
      id: ++ids,
      at: Date.now(),
      method,
      request: parsed.request,
      headers: req.headers,
      transport: guessTransport(req.headers),
      query,
      raw: bytes.toString(),
    }
    const how = behaviourFor(false, { ...entry })
    const verdict = judge(method, req.headers, parsed, how)
    const answer = how.body ?? describe(method, verdict, how.baseUrl)
    if (how.lose) verdict.status = 0
    Object.assign(entry, verdict, {
      counted: verdict.statusCode === 200,
      answer: verdict.status ? answer : undefined,
    })
    requests.push(entry)
    emit({ type: 'request', ...entry })
    res.on('close', () => emit({ type: 'closed', id: entry.id, answered: res.writableFinished }))
    if (how.hang) return
    if (how.delayMs) await pause(how.delayMs)
    if (how.drop || how.lose) return req.socket.destroy()
    const headers = {
      ...corsHeaders(req),
      'content-type': how.body === undefined ? 'application/json' : 'text/html; charset=utf-8',
      ...(how.noStore && { 'cache-control': 'no-store' }),
      ...(how.retryAfter !== undefined && {
        'retry-after': how.retryAfter,
        'access-control-expose-headers': 'Retry-After',
      }),
      ...how.headers,
    }
    res.writeHead(
      verdict.status,
      Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null)),
    )
    res.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  }

  /** Answers a request to the API; false if it is for something else. */
  const handle = async (req, res) => {
    const [path] = req.url.split('?')
    const method = PATH.exec(path)?.[1]
    if (!method) return false
    if (req.method === 'OPTIONS') await preflight(method, req, res)
    else if (req.method === 'POST') {
      const query = Object.fromEntries(new URLSearchParams(req.url.slice(path.length)))
      await post(method, query, req, res)
    } else sendJson(req, res, 405, 'Only POST', { allow: 'OPTIONS, POST' })
    return true
  }

  /** Starts a server of its own, on the port of last time if there was one, and gives its endpoint. */
  const listen = async (port = 0, host = '127.0.0.1') => {
    if (!server) {
      server = createServer(async (req, res) => {
        if (!(await handle(req, res))) sendJson(req, res, 404, 'No such method')
      })
      const started = new Promise((resolve, reject) => {
        server.once('listening', resolve).once('error', reject)
      })
      server.listen(port || lastPort, host)
      await started.catch(error => {
        server = undefined
        throw error
      })
      lastPort = server.address().port
    }
    return `http://${host}:${lastPort}${PREFIX}`
  }

  /** Goes away: open connections are cut, new ones refused. */
  const stop = async () => {
    if (!server) return
    const closed = new Promise(resolve => server.close(resolve))
    server.closeAllConnections()
    server = undefined
    await closed
  }

  return {
    handle,
    listen,
    stop,
    /** Every POST that came whole. `status` 0 is one that was never answered. */
    requests,
    preflights,
    /** @param {Behaviour | ((info: object) => Behaviour | undefined)} [how] nothing: good again */
    behave: how => {
      behaviour = how
    },
    /** The requests that were taken, whether or not their answer got through. */
    accepted: method => requests.filter(r => r.counted && (!method || r.method === method)),
    /** Calls back for each `request`, `preflight`, and end of a request (`closed`). */
    on: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reset: () => {
      requests.length = 0
      preflights.length = 0
      behaviour = undefined
    },
  }
}

// Never what keeps a process alive, nor a stopped sandbox's.
const pause = ms => sleep(ms, undefined, { ref: false })

function describe(method, { statusCode, message }, baseUrl) {
  return {
    status_code: statusCode,
    status_message: message,
    response: statusCode === 200 && method === 'postEvent' ? { code: randomCode() } : null,
    ...(baseUrl !== undefined && { base_url: baseUrl }),
  }
}

function randomCode() {
  return randomBytes(5).toString('hex').toUpperCase().replace(/^.{5}/, '$&-')
}

import { fromJson } from './json.ts'
import { mayRetry, retryAfter, TIMEOUT_MS } from './retry.ts'

/** What became of a request. */
export interface Outcome {
  type: 'delivered' | 'refused' | 'retry'
  /** HTTP status, or the body's where HTTP said 200. */
  status?: number
  reason?: string
  /** Why it may be tried again: nothing came, nothing came in time, the API failed, or something else answered it. */
  cause?: 'network' | 'timeout' | 'failure' | 'stranger'
  /** How long the API asks to wait before that. */
  afterMs?: number
  /** Where the API wants later requests to go. */
  baseUrl?: unknown
}

export interface Transport {
  /**
   * POSTs `body`. With `keepalive` the browser goes on when the page has left. Never rejects, and ends within 10 s, the
   * body of the answer included.
   */
  send(url: string, body: string, token: string | undefined, keepalive: boolean): Promise<Outcome>
  /** Hands `body` to the browser for a page that is leaving; false where it doesn't take it (quota, missing, patched). */
  beacon(url: string, body: string): boolean
}

const TYPE = 'text/plain;charset=UTF-8'

interface Answer {
  status: number
  text: string
  retryAfter?: string | null
}

const judge = ({ status: httpStatus, text, retryAfter: header }: Answer): Outcome => {
  const body = fromJson(text) as { [field: string]: unknown } | null | undefined
  const isJson = typeof body === 'object' && body
  const inner = isJson ? +(body.status_code as number) : 0
  const status = httpStatus === 200 && inner ? inner : httpStatus
  const again = mayRetry(status)
  return {
    type: again || !isJson ? 'retry' : httpStatus === 200 && inner === 200 ? 'delivered' : 'refused',
    status,
    reason: isJson ? `${body.status_message || status}` : 'the answer is not JSON',
    // A captive portal, a firewall, a proxy: where it is a clear no, it says nothing of how the API is.
    cause: status < 400 || again ? 'failure' : 'stranger',
    afterMs: retryAfter(header, Date.now()),
    baseUrl: isJson && body.base_url,
  }
}

/** For a page without a `fetch` that works: nothing is kept alive here. */
const byXhr = (url: string, body: string, headers: Record<string, string>, signal: Signal) =>
  new Promise<Answer>((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', url)
    for (const name of Object.keys(headers)) xhr.setRequestHeader(name, headers[name])
    xhr.onload = () =>
      resolve({
        status: xhr.status,
        text: xhr.responseText,
        retryAfter: xhr.getResponseHeader('Retry-After'),
      })
    xhr.onerror = xhr.onabort = () => reject(new TypeError('network error'))
    signal.stop = () => xhr.abort()
    xhr.send(body)
  })

interface Signal {
  stop(): void
}

const byFetch = async (
  url: string,
  body: string,
  headers: Record<string, string>,
  keepalive: boolean,
  signal: Signal,
): Promise<Answer> => {
  const controller = typeof AbortController === 'function' ? new AbortController() : undefined
  let pending: Promise<Response> | undefined
  try {
    pending = fetch(url, {
      method: 'POST',
      body,
      headers,
      keepalive,
      credentials: 'omit',
      signal: controller?.signal,
    })
  } catch {
    // missing, or patched by the page into something that throws
  }
  if (!pending || typeof pending.then !== 'function') return byXhr(url, body, headers, signal)
  signal.stop = () => controller?.abort()
  const response = await pending
  // Read to the end: under `no-store` Chromium never gives keepalive quota back otherwise
  // (https://github.com/open-telemetry/opentelemetry-js/issues/7001).
  return {
    status: response.status,
    text: await response.text(),
    retryAfter: response.headers.get('Retry-After'),
  }
}

export const createTransport = (): Transport => ({
  send(url, body, token, keepalive) {
    const headers: Record<string, string> = { 'Content-Type': TYPE }
    if (token) headers.Authorization = `Token ${token}`
    const signal: Signal = { stop() {} }
    return new Promise(resolve => {
      const failed = (cause: 'network' | 'timeout', reason: string) =>
        resolve({ type: 'retry', cause, reason })
      const timer = setTimeout(() => {
        failed('timeout', 'no answer in 10 s')
        signal.stop()
      }, TIMEOUT_MS)
      byFetch(url, body, headers, keepalive, signal)
        .then(answer => resolve(judge(answer)))
        .catch(error => failed('network', `${error}`))
        .then(() => clearTimeout(timer))
    })
  },

  beacon(url, body) {
    try {
      return navigator.sendBeacon(url, new Blob([body], { type: TYPE })) === true
    } catch {
      return false
    }
  },
})

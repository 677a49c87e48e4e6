import { fromJson } from './json.ts'
import { mayRetry, retryAfter, TIMEOUT_MS } from './retry.ts'

/** Why a request may be tried again: nothing came, nothing came in time, the API failed, or something else answered it. */
export type Cause = 'network' | 'timeout' | 'failure' | 'stranger'

/** What became of a request. */
export type Outcome =
  | { type: 'delivered'; status: number; baseUrl?: unknown }
  | { type: 'refused'; status: number; reason: string }
  /** `afterMs`: how long the API asks to wait. */
  | { type: 'retry'; cause: Cause; reason: string; status?: number; afterMs?: number }

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
  const body = fromJson(text) as
    | { status_code?: unknown; status_message?: unknown; base_url?: unknown }
    | null
    | undefined
  const afterMs = retryAfter(header, Date.now())
  if (typeof body !== 'object' || !body) {
    // A captive portal, a firewall, a proxy. Where it is a clear no, it says nothing of how the API is.
    const cause = httpStatus >= 400 && !mayRetry(httpStatus) ? 'stranger' : 'failure'
    return { type: 'retry', cause, status: httpStatus, reason: 'the answer is not JSON', afterMs }
  }
  const inner = +(body.status_code as number)
  const status = httpStatus === 200 && inner ? inner : httpStatus
  const reason = `${body.status_message || `status ${status}`}`
  if (mayRetry(status)) return { type: 'retry', cause: 'failure', status, reason, afterMs }
  return httpStatus === 200 && inner === 200
    ? { type: 'delivered', status, baseUrl: body.base_url }
    : { type: 'refused', status, reason }
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
      const failed = (cause: Cause, reason: string) => resolve({ type: 'retry', cause, reason })
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

import { fromJson } from './json.ts'
import { mayRetry, retryAfter, TIMEOUT_MS } from './retry.ts'

/** What became of a request. */
export interface Outcome {
  type: 'delivered' | 'refused' | 'retry'
  /** HTTP status, or the body's where HTTP said 200; 0 where nothing was answered that could be read. */
  status: number
  reason?: string
  /** The network said no, before or after the request reached the API. */
  cut?: boolean
  /** How long the API asks to wait before the next try. */
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
const RETRY_AFTER = 'Retry-After'

type Answer = [httpStatus: number, text: string, retryAfter: string | null]

const judge = ([httpStatus, text, header]: Answer): Outcome => {
  const json = fromJson(text)
  const body = Object(json)
  const isJson = json === body
  const status = httpStatus === 200 ? +body.status_code || 0 : httpStatus
  return {
    // What is not JSON comes from a captive portal, a firewall, a proxy.
    type: !isJson || mayRetry(status) ? 'retry' : status === 200 ? 'delivered' : 'refused',
    status,
    reason: isJson ? body.status_message : 'the answer is not JSON',
    afterMs: retryAfter(header, Date.now()),
    baseUrl: body.base_url,
  }
}

/** For a page without a `fetch` that works: nothing is kept alive here. */
const byXhr = (url: string, body: string, headers: Record<string, string>) =>
  new Promise<Answer>((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', url)
    for (const name of Object.keys(headers)) xhr.setRequestHeader(name, headers[name])
    xhr.onload = () => resolve([xhr.status, xhr.responseText, xhr.getResponseHeader(RETRY_AFTER)])
    xhr.onerror = xhr.onabort = reject
    xhr.send(body)
  })

const byFetch = async (
  url: string,
  body: string,
  headers: Record<string, string>,
  keepalive: boolean,
  signal: AbortSignal | undefined,
): Promise<Answer> => {
  let pending: Promise<Response> | undefined
  try {
    pending = fetch(url, { method: 'POST', body, headers, keepalive, credentials: 'omit', signal })
  } catch (_) {
    // missing, or patched by the page into something that throws
  }
  if (!pending || !pending.then) return byXhr(url, body, headers)
  const response = await pending
  // Read to the end: under `no-store` Chromium never gives keepalive quota back otherwise
  // (https://github.com/open-telemetry/opentelemetry-js/issues/7001).
  return [response.status, await response.text(), response.headers.get(RETRY_AFTER)]
}

export const createTransport = (): Transport => ({
  send: (url, body, token, keepalive) =>
    new Promise(resolve => {
      const headers: Record<string, string> = { 'Content-Type': TYPE }
      if (token) headers.Authorization = `Token ${token}`
      const controller = window.AbortController && new AbortController()
      const failed = (reason: unknown, cut?: boolean) =>
        resolve({ type: 'retry', status: 0, reason: `${reason}`, cut })
      const timer = setTimeout(() => {
        failed('no answer in 10 s')
        if (controller) controller.abort()
      }, TIMEOUT_MS)
      byFetch(url, body, headers, keepalive, controller && controller.signal)
        .then(answer => resolve(judge(answer)))
        .catch(error => failed(error, true))
        .then(() => clearTimeout(timer))
    }),

  beacon(url, body) {
    try {
      return navigator.sendBeacon(url, new Blob([body], { type: TYPE })) === true
    } catch (_) {
      return false
    }
  },
})

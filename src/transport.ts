import { attempt } from './attempt.ts'
import { fromJson } from './json.ts'
import { mayRetry, retryAfter, TIMEOUT_MS } from './retry.ts'

/**
 * How requests travel. All three ways give a body that is text the Content-Type `text/plain;charset=UTF-8` (SPEC 3).
 */

/** What became of a request. */
export interface Outcome {
  type: 'delivered' | 'refused' | 'retry'
  /** HTTP status, or the body's where HTTP said 200; 0 where nothing was answered that could be read. */
  status: number
  /** The API's own words. */
  reason?: string
  /** The network said no, before or after the request reached the API. */
  cut?: boolean
  /** When the API asks to be tried again, ms since 1970. */
  notBefore?: number
  /** Where the API wants later requests to go. */
  baseUrl?: unknown
}

/** What the sender and the transport both know of a request under way. */
export interface Flight {
  /**
   * It goes in such a way that the browser ends it with the page: by XMLHttpRequest, because `fetch` is missing or does not
   * work, or because the sender wants that. Where `fetch` is missing this is known before `post` returns.
   */
  fragile?: boolean
}

/**
 * POSTs `body`, as text, in such a way that the browser goes on when the page has left, unless the flight is fragile. Never
 * rejects, and ends within 10 s, the body of the answer included.
 */
export const post = (
  url: string,
  body: string,
  token: string | undefined,
  flight: Flight,
): Promise<Outcome> =>
  new Promise(resolve => {
    let request: AbortController | XMLHttpRequest | undefined

    const failed = (cut?: boolean) => resolve({ type: 'retry', status: 0, cut })

    const timer = setTimeout(() => {
      failed()
      attempt(() => (request as XMLHttpRequest).abort())
    }, TIMEOUT_MS)

    const answered = (httpStatus: number, text: string, header?: string | null) => {
      // WebKit ends bodies as the page is to be left, which may yet stay for long: what is under way then, has been taken.
      if (httpStatus === 200 && !text) return
      clearTimeout(timer)
      const json = fromJson(text)
      const answer = Object(json)
      const status = httpStatus === 200 ? +answer.status_code || 0 : httpStatus
      resolve({
        // What is not JSON comes from a captive portal, a firewall, a proxy.
        type:
          json !== answer || mayRetry(status) ? 'retry' : status === 200 ? 'delivered' : 'refused',
        reason: answer.status_message,
        status,
        notBefore: retryAfter(header, Date.now()),
        baseUrl: answer.base_url,
      })
    }

    const exchange = async () => {
      // One of the two may be missing, or patched by the page into something that throws.
      const pending =
        !flight.fragile &&
        attempt(() => {
          const controller = new AbortController()
          request = controller
          return fetch(url, {
            method: 'POST',
            body,
            headers: token ? { Authorization: `Token ${token}` } : {},
            keepalive: true,
            credentials: 'omit',
            signal: controller.signal,
          })
        })
      const response = pending && (await pending)
      // Read to the end: under `no-store` Chromium never gives keepalive quota back otherwise
      // (https://github.com/open-telemetry/opentelemetry-js/issues/7001).
      if (response) {
        answered(response.status, await response.text(), response.headers.get('Retry-After'))
        return
      }
      flight.fragile = true
      const xhr = new XMLHttpRequest()
      request = xhr
      xhr.open('POST', url)
      if (token) xhr.setRequestHeader('Authorization', `Token ${token}`)
      xhr.onloadend = () => answered(xhr.status, xhr.responseText)
      xhr.send(body)
    }
    exchange().catch(() => failed(true))
  })

/** Hands `body` to the browser for a page that is leaving; falsy where it doesn't take it (quota, missing, patched). */
export const beacon = (url: string, body: string): boolean | undefined =>
  attempt(() => navigator.sendBeacon(url, body))

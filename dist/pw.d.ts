/** Whether the visitor has agreed to be tracked: nothing is stored or sent before `granted`. */
export type Consent = 'pending' | 'granted' | 'denied'

/** The API's methods, by their wire names. */
export type Method = 'registerUser' | 'postEvent'

/**
 * Attributes of an event, no list: whatever JSON can carry, and `Date`, which is sent as `yyyy-MM-dd HH:mm` in local time.
 * The second form takes what an `interface` describes, which an index signature refuses.
 */
export type Attributes =
  | { readonly [key: string]: unknown }
  | (object & { readonly [Symbol.iterator]?: never })

/** Options of `pw('init', …)`. Each is also a data attribute of the script element (`data-user-id`, …). */
export interface InitOptions {
  /** Application code, `XXXXX-XXXXX`. A malformed one warns and is used. */
  application: string
  /** Device API token, sent with registerUser. Leave it out where a first-party proxy adds it. Never a server token. */
  token?: string
  /** Absolute address or same-origin path of the API. Default: `https://api.pushwoosh.com/json/1.3`. */
  endpoint?: string
  /** Same as calling `pw('register', userId)`. */
  userId?: string | number
  /** Use this device id instead of a generated one; `'sdk'`: the one of the vendor's web push SDK where there is one. */
  hwid?: string
  /** 10 Safari, 11 Chrome and all else, 12 Firefox. Default: by the user agent. */
  deviceType?: number
  /** Default: `'granted'`. */
  consent?: Consent
  /** `true`: consent starts as `'denied'` where the browser sends Global Privacy Control. */
  gpc?: boolean
  /** Name of an event to post at each page view. Default: none. */
  pageEvent?: string
  /** `false` switches declarative events (`data-pw-event`) off. */
  clicks?: boolean
  /** Says in the console what happens to each call. */
  debug?: boolean
}

/** What `pw('get', callback)` tells. */
export interface State {
  hwid: string | null
  userId: string | null
  application: string | null
  consent: Consent
  /** Requests called but not yet delivered. */
  waiting: number
  version: string
}

/** How a request can end. */
export type EndType = 'delivered' | 'refused' | 'dropped'

/** What a listener of `pw('on', …)` gets for each request that ends. */
export interface End {
  type: EndType
  method: Method
  /** What was, or would have been, the `request` object on the wire. */
  request: { readonly [field: string]: unknown }
  /** The API's `status_message`, or why the request was given up. */
  reason?: string
  /** HTTP status, or the body's `status_code` where HTTP said 200. */
  status?: number
  /** How many times it was sent. */
  attempts: number
}

/** One call as tag managers build it: an array or `arguments` object, with its time in ms since 1970 as `t`. */
export type QueuedCall = ArrayLike<unknown> & { t?: number; k?: number }

/** The global function. It never throws; a call it can't use is warned of in the console. */
export interface Pw {
  (command: 'init', options: InitOptions): void
  (command: 'event', name: string, attributes?: Attributes | null): void
  (command: 'register', userId?: string | number | null): void
  (command: 'reset'): void
  (command: 'consent', choice: 'granted' | 'denied'): void
  (command: 'flush', callback?: (delivered: boolean) => void, timeoutMs?: number): void
  (command: 'flush', timeoutMs: number, callback?: (delivered: boolean) => void): void
  (command: 'get', callback: (state: State) => void): void
  (command: 'on', type: EndType | '*', listener: (end: End) => void): void
  /** Calls that wait for the tag; what is pushed here later is taken at once. */
  q: { push(...calls: QueuedCall[]): number }
}

/**
 * The tag for bundlers. Importing it has no effect; the first `pw('init', …)` starts it. Where there is no `window`,
 * calls do nothing.
 */
declare const pw: Pw
export default pw

declare global {
  interface Window {
    pw: Pw
  }
  var pw: Pw
}

import { fromJson } from './json.ts'
import { debug, warn } from './log.ts'
import type { Outgoing } from './request.ts'
import type { End, EndType } from './types.ts'

/** What the page wants to be told of. */
export const listeners: [type: EndType | '*', listener: (end: End) => void][] = []

/** Calls a function of the page's: later, and so that what it throws is reported as the page's own error. */
export const tell = <T>(callback: (value: T) => void, value: T): void => {
  setTimeout(callback, 0, value)
}

/** Tells the listeners how a request has ended, or a call that could not become one. */
export const report = (
  { method, body, attempts }: Pick<Outgoing, 'method' | 'body' | 'attempts'>,
  type: EndType,
  reason?: string,
  status?: number,
): void => {
  const { request } = fromJson(body) as { request: End['request'] }
  const end: End = { type, request, method, reason, status, attempts }
  debug(`${method} ${type}`, end)
  for (const [wanted, listener] of listeners) {
    if (['*', type].includes(wanted)) tell(listener, end)
  }
}

/** Refuses what the API would not take, at the call. */
export const refuse = (
  call: string,
  reason: string,
  request: Pick<Outgoing, 'method' | 'body' | 'attempts'>,
  given?: unknown,
): void => {
  warn(call, reason, given, 'refused')
  report(request, 'refused', reason)
}

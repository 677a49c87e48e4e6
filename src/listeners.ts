import { fromJson } from './json.ts'
import { debug } from './log.ts'
import type { Outgoing } from './request.ts'
import type { End, EndType } from './types.ts'

const listeners: [type: EndType | '*', listener: (end: End) => void][] = []

/** Calls a function of the page's: later, and so that what it throws is reported as the page's own error. */
export const tell = <T>(callback: (value: T) => void, value: T): void => {
  setTimeout(() => callback(value))
}

export const listen = (type: EndType | '*', listener: (end: End) => void): void => {
  listeners.push([type, listener])
}

/** Tells the listeners how a request has ended. */
export const emit = (end: End): void => {
  debug(`${end.method} ${end.type}`, end)
  for (const [type, listener] of listeners) {
    if (type === '*' || type === end.type) tell(listener, end)
  }
}

/** The same for a request that was made already. */
export const report = (
  { method, body, attempts }: Outgoing,
  type: EndType,
  reason?: string,
  status?: number,
): void => {
  const { request } = fromJson(body) as { request: End['request'] }
  emit({ type, method, request, reason, status, attempts })
}

/** How a request is reported. */
export type Report = typeof report

import { fromJson } from './json.ts'
import type { Log } from './log.ts'
import type { Outgoing } from './request.ts'
import type { Report } from './sender.ts'
import type { End, EndType } from './types.ts'

/** Calls a function of the page's: later, and so that what it throws is reported as the page's own error. */
export const tell = <T>(callback: (value: T) => void, value: T): void => {
  setTimeout(() => callback(value))
}

export interface Listeners {
  add(type: EndType | '*', listener: (end: End) => void): void
  emit(end: End): void
  /** The same for a request that was made already. */
  report: Report
}

export const createListeners = (log: Log): Listeners => {
  const listeners: [string, (end: End) => void][] = []
  const emit = (end: End) => {
    log.debug(`${end.method} ${end.type}${end.reason ? `: ${end.reason}` : ''}`, end)
    for (const [type, listener] of listeners) {
      if (type === '*' || type === end.type) tell(listener, end)
    }
  }
  return {
    add: (type, listener) => {
      listeners.push([type, listener])
    },
    emit,
    report({ method, body, attempts }: Outgoing, type, reason, status) {
      const { request } = fromJson(body) as { request: End['request'] }
      emit({ type, method, request, reason, status, attempts })
    },
  }
}

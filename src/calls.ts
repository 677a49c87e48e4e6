import { offsetSeconds } from './clock.ts'
import { toJson } from './json.ts'
import type { Log } from './log.ts'

/** A call that leads to a request, as it was made: who calls is known only when it passes the gate. */
export type Call = { readonly time: number; readonly offset: number } & (
  | { readonly kind: 'event'; readonly name: string; readonly attributes: string }
  | { readonly kind: 'register'; readonly userId?: string }
  | { readonly kind: 'reset' }
)

/** A call that can't become a request. `name` is an event's. */
export interface Refusal {
  readonly kind: 'refused'
  readonly name: string
  readonly reason: string
}

/** In words, for a warning: `an array`, `a number`, `null`. */
export const describe = (value: unknown): string =>
  value === null || value === undefined
    ? `${value}`
    : Array.isArray(value)
      ? 'an array'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`

const readEvent = (
  name: unknown,
  attributes: unknown,
  log: Log,
): Omit<Call & { kind: 'event' }, 'time' | 'offset'> | Refusal | undefined => {
  if (typeof name !== 'string' || !name) {
    log.warn(
      'event.name',
      `event: the name must be a string, got ${name === '' ? 'an empty one' : describe(name)}; the call was ignored`,
    )
    return undefined
  }
  const refuse = (reason: string): Refusal => {
    log.warn(`event.${reason}`, `event "${name}": ${reason}; the event was refused`)
    return { kind: 'refused', name, reason }
  }
  const given = attributes === undefined || attributes === null ? {} : attributes
  if (typeof given !== 'object' || Array.isArray(given) || given instanceof Date) {
    return refuse(`attributes must be an object, got ${describe(given)}`)
  }
  try {
    const json = toJson(given, () =>
      log.warn(
        'attributes',
        `event "${name}": JSON can't carry a function, symbol, undefined, NaN or invalid date; it was left out`,
      ),
    )
    return `${json}`[0] === '{'
      ? { kind: 'event', name, attributes: json }
      : refuse('attributes must be an object, their own toJSON makes something else')
  } catch (error) {
    return refuse(`attributes can't be written as JSON (${(error as Error)?.message})`)
  }
}

/**
 * Reads a call of `event`, `register` or `reset` while its arguments are still what they were when it was made: a page may
 * change an object that it has passed. Warns and answers `undefined` where there is nothing to be sent.
 */
export const readCall = (
  args: ArrayLike<unknown>,
  time: number,
  log: Log,
  offset = offsetSeconds(time),
): Call | Refusal | undefined => {
  const [command, first] = [args[0], args[1]]
  if (command === 'event') {
    const event = readEvent(first, args[2], log)
    return event && event.kind === 'event' ? { ...event, time, offset } : event
  }
  if (command === 'register') {
    if (first === undefined || first === null) return { kind: 'register', time, offset }
    if (
      (typeof first === 'string' && first) ||
      (typeof first === 'number' && Number.isFinite(first))
    ) {
      return { kind: 'register', userId: `${first}`, time, offset }
    }
    log.warn(
      'register',
      `register: the user id must be a string or a number, got ${first === '' ? 'an empty string' : describe(first)}; the call was ignored`,
    )
    return undefined
  }
  return command === 'reset' ? { kind: 'reset', time, offset } : undefined
}

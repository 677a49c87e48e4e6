import { offsetSeconds } from './clock.ts'
import { toJson } from './json.ts'
import { IGNORED, warn } from './log.ts'

/** A call that leads to a request, as it was made: who calls is known only when it passes the gate. */
export type Call = { readonly time: number; readonly offset: number } & (
  | { readonly kind: 'event'; readonly name: string; readonly attributes: string }
  | { readonly kind: 'register'; readonly userId?: string }
  | { readonly kind: 'reset' }
)

/** A call of `event` that can't become a request. */
export interface Refusal {
  readonly kind: 'refused'
  readonly name: string
  readonly reason: string
}

/** A string that is not empty, or a number as one; else `undefined`. */
export const asText = (value: unknown): string | undefined =>
  (typeof value === 'string' ? value : Number.isFinite(value) ? `${value}` : '') || undefined

/**
 * Reads a call of `event`, `register` or `reset` while its arguments are still what they were when it was made: a page may
 * change an object that it has passed. Warns and answers `undefined` where there is nothing to be sent.
 */
export const readCall = (
  { 0: command, 1: first, 2: attributes }: ArrayLike<unknown>,
  time: number,
): Call | Refusal | undefined => {
  const offset = offsetSeconds(time)
  if (command === 'reset') return { kind: 'reset', time, offset }

  if (command === 'register') {
    const userId = asText(first)
    if (userId || first === undefined || first === null) {
      return { kind: 'register', userId, time, offset }
    }
    warn('register', 'the user id must be a string or a number', IGNORED, first)
    return undefined
  }

  if (command !== 'event') return undefined
  if (typeof first !== 'string' || !first) {
    warn('event', 'the name must be a string', IGNORED, first)
    return undefined
  }
  let reason = 'attributes must be an object'
  try {
    const given = attributes === undefined || attributes === null ? {} : attributes
    const json =
      typeof given === 'object' &&
      toJson(given, () =>
        warn(
          'event',
          'JSON carries no function, symbol, undefined, NaN or invalid date',
          'it was left out',
          attributes,
        ),
      )
    // An array, a Date, an object whose own toJSON makes something else.
    if (`${json}`[0] === '{') {
      return { kind: 'event', name: first, attributes: json as string, time, offset }
    }
  } catch (error) {
    reason = `attributes can't be written as JSON (${error})`
  }
  warn('event', reason, 'the event was refused', attributes)
  return { kind: 'refused', name: first, reason }
}

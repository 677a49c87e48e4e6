import { offsetSeconds, wireTimes } from './clock.ts'
import { fromJson, toJson } from './json.ts'
import { refuse } from './listeners.ts'
import { warn } from './log.ts'

/** A call that leads to a request, as it was made: who calls is known only when it passes the gate. */
export interface Call {
  readonly kind: 'event' | 'register' | 'reset'
  /** Milliseconds since 1970, with a fraction that tells the calls of one millisecond apart. */
  time: number
  /** Of `register`. */
  readonly userId?: string
  /** What stands in the request beside who calls. Made when that is sent: a call is to cost its page little. */
  fields(): object
}

/**
 * Reads a call of `event`, `register` or `reset` while its arguments are still what they were when it was made: a page may
 * change an object that it has passed. Warns and answers `undefined` where there is nothing to be sent, and
 * reports an event that can't become a request.
 */
export const readCall = (
  { 0: kind, 1: given, 2: attributes }: ArrayLike<unknown>,
  time: number,
): Call | undefined => {
  const isEvent = kind === 'event'
  const text =
    kind !== 'reset' && (typeof given === 'string' || Number.isFinite(given))
      ? `${given}`
      : undefined
  const fields = () => ({ tz_offset: offsetSeconds(time) })
  if (
    kind === 'reset' ||
    (kind === 'register' && (text || given === undefined || given === null))
  ) {
    return { kind, time, fields, userId: text }
  }
  if (!isEvent || !text || text !== given) {
    // A spool of another version may hold anything.
    warn(`${kind}`, `the ${isEvent ? 'name' : 'id'} must be a string`, given)
    return undefined
  }

  try {
    const json = toJson(attributes || {}, () =>
      warn(kind, 'some attributes must be JSON', attributes),
    )
    // Otherwise an array, a Date, an object whose own toJSON makes something else.
    if (`${json}`[0] === '{') {
      const fields = () => ({ event: text, attributes: fromJson(json), ...wireTimes(time) })
      return { kind, time, fields }
    }
  } catch (_) {
    // A cycle, a BigInt, a getter that throws.
  }
  const body = toJson({ request: { event: text } })
  refuse(
    kind,
    'attributes must be a JSON object',
    { method: 'postEvent', body, attempts: 0 },
    attributes,
  )
  return undefined
}

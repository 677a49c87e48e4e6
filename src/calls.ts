import { offsetSeconds } from './clock.ts'
import { toJson } from './json.ts'
import { refuse } from './listeners.ts'
import { IGNORED, warn } from './log.ts'

/** A call that leads to a request, as it was made: who calls is known only when it passes the gate. */
export type Call = { readonly time: number; readonly offset: number } & (
  | { readonly kind: 'event'; readonly name: string; readonly attributes: string }
  | { readonly kind: 'register'; readonly userId?: string }
  | { readonly kind: 'reset' }
)

/**
 * Reads a call of `event`, `register` or `reset` while its arguments are still what they were when it was made: a page may
 * change an object that it has passed. Warns and answers `undefined` where there is nothing to be sent, and
 * reports an event that can't become a request.
 */
export const readCall = (
  { 0: kind, 1: given, 2: attributes }: ArrayLike<unknown>,
  time: number,
): Call | undefined => {
  const offset = offsetSeconds(time)
  if (kind === 'reset') return { kind, time, offset }

  const text = typeof given === 'string' || Number.isFinite(given) ? `${given}` : undefined
  if (kind === 'register') {
    if (text || given === undefined || given === null) return { kind, userId: text, time, offset }
    warn(kind, 'the id must be a string', IGNORED, given)
  }

  if (kind !== 'event') return undefined
  if (!text || text !== given) {
    warn(kind, 'the name must be a string', IGNORED, given)
    return undefined
  }
  let reason = 'attributes must be an object'
  try {
    const json = toJson(attributes || {}, () =>
      warn(kind, 'JSON has no NaN, function or symbol', IGNORED, attributes),
    )
    // Otherwise an array, a Date, an object whose own toJSON makes something else.
    if (`${json}`[0] === '{') return { kind, name: text, attributes: json, time, offset }
  } catch (error) {
    reason = `attributes ${error}`
  }
  const body = toJson({ request: { event: text } })
  refuse(kind, reason, { method: 'postEvent', body, attempts: 0 }, attributes)
  return undefined
}

import { attempt } from './attempt.ts'

/**
 * The one door to localStorage: the synchronous mirror of the identity, the memory of an outage, and the last resort of a
 * page that leaves. Each access may throw (blocked, full, opaque origin): then there is nothing, and nothing is kept.
 */

/** Every key of the tag begins with this; the rest says what it holds. */
export const PREFIX = 'pw-tag.'

export const readLocal = (key: string): string | null | undefined =>
  attempt(() => localStorage.getItem(key))

/** Falsy if it could not be written; nothing stands under the key then. */
export const writeLocal = (key: string, value: string): boolean | undefined =>
  attempt(() => {
    localStorage.setItem(key, value)
    return readLocal(key) === value
  }) || removeLocal(key)

export const removeLocal = (key: string): undefined =>
  attempt(() => localStorage.removeItem(key)) as undefined

/** Keys that begin with `prefix`, oldest first where the rest of the key begins with a time. */
export const localKeys = (prefix: string): string[] =>
  (attempt(() => Object.keys(localStorage)) || []).filter(key => key.startsWith(prefix)).sort()

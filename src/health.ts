/**
 * Whether the API answers. While it doesn't, calls are stored before anything is sent, and one request at a time tries: a
 * page that leaves may then count on its requests no more.
 */
import { fromJson, toJson } from './json.ts'
import { PREFIX, readLocal, removeLocal, writeLocal } from './local.ts'
import { backoff } from './retry.ts'

/** Under this all pages of the site remember in localStorage that the API is away. */
const DOWN: string = `${PREFIX}down`

interface Down {
  /** Tries in a row that have failed, and when the last of them was heard of (ms since 1970). */
  fails: number
  at: number
  /** When to try again, ms since 1970. */
  until: number
  /** The API itself named that time (`Retry-After`): no wake-up comes before it. */
  strict?: boolean
}

let down: Down | undefined
/** Whether pages can see what others have found. */
let shared = true
/** When the API last answered this page, ms since 1970. */
export let answeredAt = 0

/** By what this page has found, and the others. */
export const isFailing = (): boolean => {
  if (shared) down = fromJson(readLocal(DOWN)) as Down | undefined
  return !!down
}

/** When the next try may go (ms since 1970): at once while all is well, or in an `urgent` case if the API hasn't named a time. */
export const nextTry = (urgent: boolean): number =>
  down && (down.strict || !urgent) ? down.until : 0

export const answered = (): void => {
  answeredAt = Date.now()
  if (down) removeLocal(DOWN)
  down = undefined
  shared = true
}

/**
 * A request that went at `since` has failed; `afterMs`: how long the API has asked to wait. Of several that were under way
 * together only the first counts.
 */
export const failed = (since: number, afterMs?: number): void => {
  const strict = afterMs !== undefined
  if (down && since < down.at && !strict) return
  const at = Date.now()
  const fails = (down ? down.fails : 0) + 1
  down = { fails, at, until: at + (strict ? afterMs : backoff(fails, Math.random())), strict }
  shared = writeLocal(DOWN, toJson(down))
}

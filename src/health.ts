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
  /** When the first of the tries in a row that have failed was heard of (ms since 1970); 0 where the API has named the time of the next. */
  since: number
  /** When to try again, ms since 1970. */
  until: number
}

let down: Down | undefined
/** Whether pages can see what others have found. */
let shared = true
/** When the API last answered this page, ms since 1970, or 1; 0 where the last that was heard of it is a network error. */
export let answeredAt = 1

/** By what this page has found, and the others. */
export const isFailing = (): boolean => {
  if (shared) down = fromJson(readLocal(DOWN)) as Down | undefined
  return !!down
}

/**
 * When the next try may go (ms since 1970): at once while all is well, or where the API has been away for less than `early` ms
 * and has not named a time.
 */
export const nextTry = (early: number): number =>
  down && Date.now() - down.since >= early ? down.until : 0

/** A network error that may yet turn out to be the quota of `keepalive`: too little to go by, but for a page that leaves. */
export const cut = (): void => {
  answeredAt = 0
}

export const answered = (): void => {
  answeredAt = Date.now()
  if (down) removeLocal(DOWN)
  down = undefined
  shared = true
}

/** A request has failed; `afterMs`: how long the API has asked to wait, which outranks whatever else fails meanwhile. */
export const failed = (afterMs?: number): void => {
  const at = Date.now()
  if (afterMs === undefined && down && !down.since && at < down.until) return
  const since = afterMs === undefined ? (down && down.since) || at : 0
  down = { since, until: at + (since ? backoff(at - since, Math.random()) : (afterMs as number)) }
  shared = writeLocal(DOWN, toJson(down))
}

/**
 * Whether the API answers. While it doesn't, calls are stored before anything is sent, and one request at a time tries: a
 * page that leaves may then count on its requests no more.
 */
import { fromJson, toJson } from './json.ts'
import { PREFIX, readLocal, removeLocal, writeLocal } from './local.ts'
import { backoff } from './retry.ts'

/** Under this all pages of the site remember in localStorage that the API is away. */
const DOWN: string = `${PREFIX}down`

/**
 * When the first of the tries in a row that have failed was begun (ms since 1970), or 0 where the API has named the time of the
 * next; and that time. Without names, which the build would shorten: other versions of the tag read it.
 */
type Down = [since: number, until: number]

let down: Down | undefined
/** Whether pages can see what others have found. */
let shared: boolean | undefined = true
/** That much is taken to have gone by without a word of the API before the page began. */
const UNHEARD_MS = 2_000

/**
 * When this page last heard of the API, ms since 1970: an answer, or the beginning of a request that failed. 0 where the last
 * may only have been the quota.
 */
export let heardAt: number = Date.now() - UNHEARD_MS

/** Since when, and until when, by what this page has found, and the others; `undefined` while all is well. */
export const isFailing = (): Down | undefined => {
  if (shared) down = fromJson(readLocal(DOWN)) as Down | undefined
  return down
}

/**
 * When the next try may go (ms since 1970): at once while all is well, or where the API has been away for less than `early` ms
 * and has not named a time.
 */
export const nextTry = (early: number): number =>
  down && Date.now() - down[0] >= early ? down[1] : 0

/** A network error that may yet turn out to be the quota of `keepalive`: too little to go by, but for a page that leaves. */
export const cut = (): void => {
  heardAt = 0
}

export const answered = (): void => {
  shared = true
  heardAt = Date.now()
  if (down) removeLocal(DOWN)
  down = undefined
}

/**
 * A request has failed that was begun at that time (ms since 1970); `notBefore`: when the API has asked to be tried again,
 * which outranks whatever else fails meanwhile. The wait counts from the beginning: a try without an answer takes 10 s.
 */
export const failed = (begun: number, notBefore?: number): void => {
  // From here on `down` tells: another page may be the first to hear that the API is back.
  heardAt = begun
  if (notBefore === undefined) {
    if (down && !down[0] && begun < down[1]) return
    // Not a time ahead, as of a clock that has been put right since.
    const since = Math.min(begun, (down && down[0]) || begun)
    down = [since, begun + backoff(Date.now() - since, Math.random())]
  } else down = [0, notBefore]
  shared = writeLocal(DOWN, toJson(down))
}

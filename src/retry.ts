/** How long an answer may take, and its body with it. */
export const TIMEOUT_MS = 10_000

const FIRST_MS = 1_000
const LONGEST_MS = 300_000

/** About a day: a site is not to be silent for longer because of one header. */
const LONGEST_ASKED_MS = 100_000_000

/**
 * A wait is at most so many times as long as the outage has lasted. With 2, as of doubled waits, the visitors of a site come
 * back from ten minutes without the API at 2.1 times their normal rate, with 4 at 1.8 (`npm run bench outage`).
 */
const GROWTH = 4

/**
 * Wait before the next try, in ms: exponential from 1 s to 5 min with full jitter (SPEC 3), so that the visitors of a
 * site don't come back in step after an outage. `ageMs`: how long ago the first try failed; `random` is in [0, 1).
 */
export const backoff = (ageMs: number, random: number): number =>
  random * Math.min(LONGEST_MS, FIRST_MS + GROWTH * ageMs)

/**
 * When a `Retry-After` header (seconds or a date, RFC 9110 10.2.3) asks to be tried again, in ms since 1970, in at most about a
 * day; undefined if it can't be read, or names no time ahead: a 0 would have the API asked as fast as it answers.
 */
export const retryAfter = (
  header: string | null | undefined,
  nowMs: number,
): number | undefined => {
  // Without a header this is no time ahead, or none at all.
  const text = header as string
  const at = +text >= 0 ? nowMs + +text * 1000 : Date.parse(text)
  return at > nowMs ? Math.min(at, nowMs + LONGEST_ASKED_MS) : undefined
}

/** Whether a status, HTTP's or the body's, says that the same request may be taken later (SPEC 3). */
export const mayRetry = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500

import { fromJson, toJson } from './json.ts'
import { PREFIX, readLocal, removeLocal, writeLocal } from './local.ts'
import { backoff } from './retry.ts'

const KEY = `${PREFIX}down`

/** That the API is away, as all pages of the site remember it. */
interface Down {
  /** Tries in a row that have failed. */
  fails: number
  /** When to try again, ms since 1970. */
  until: number
  /** The API itself named that time (`Retry-After`): no wake-up comes before it. */
  strict?: boolean
}

/**
 * Whether the API answers. While it doesn't, calls are stored before anything is sent, and one request at a time tries:
 * a page that leaves may then count on its requests no more.
 */
export interface Health {
  /** Reads again what other pages have found: a page in the back/forward cache is not told. */
  refresh(): void
  failing(): boolean
  /** When the next try may go (ms since 1970): at once while all is well, or in an `urgent` case if the API hasn't named a time. */
  nextTry(urgent: boolean): number
  /** When the API last answered this page, ms since 1970. */
  answeredAt(): number
  /** When a try of this page last failed, ms since 1970. */
  failedAt(): number
  answered(): void
  failed(afterMs?: number): void
}

export const createHealth = (
  now: () => number,
  random: () => number,
  onRecovery: () => void,
): Health => {
  let down: Down | undefined
  const refresh = () => {
    down = fromJson(readLocal(KEY)) as Down | undefined
  }
  let answeredAt = 0
  let failedAt = 0

  addEventListener('storage', event => {
    if (event.key !== KEY) return
    refresh()
    // Not at a failure: two tabs would call each other to try again and again.
    if (!down) onRecovery()
  })

  return {
    refresh,
    failing: () => !!down,
    nextTry: urgent => (down && (down.strict || !urgent) ? down.until : 0),
    answeredAt: () => answeredAt,
    failedAt: () => failedAt,
    answered() {
      answeredAt = now()
      if (down) removeLocal(KEY)
      down = undefined
    },
    failed(afterMs) {
      failedAt = now()
      const fails = (down ? down.fails : 0) + 1
      down = {
        fails,
        until: now() + (afterMs === undefined ? backoff(fails, random()) : afterMs),
        strict: afterMs !== undefined,
      }
      writeLocal(KEY, toJson(down))
    },
  }
}

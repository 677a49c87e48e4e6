import { fromJson, toJson } from './json.ts'
import { localKeys, PREFIX, readLocal, removeLocal, writeLocal } from './local.ts'

/**
 * What pages leave behind in localStorage when they have no time for anything else. Each has a key of its own,
 * `pw-tag.spool<ms since 1970><random>`, so that no page overwrites another's. The stub leaves calls, the tag requests:
 * `[application, …]`, items of the first kind being arrays, `[ms, command, …]`, of the second records.
 */
export interface Spool {
  readonly name: string
  readonly copy?: string | null
}

/** What begins the name of each; a time follows. */
export const SPOOL: string = `${PREFIX}spool`

/** Ids of requests that have ended, of which a page that left could not see whether the outbox still has them. */
export const DONE: string = `${PREFIX}done`

/**
 * Requests that were under way when their page left. They have been taken, unless the API turns out to have failed then. The
 * key goes on with a time, as long after the leaving as the page had heard nothing of the API before it: what fails up to there
 * is likelier to have failed then already. And with the ms for which they had been waited for, and a fraction of its own.
 */
export const DOUBT: string = `${PREFIX}doubt`

/** Digits of a time, in ms since 1970, until 2286. */
const DIGITS = 13

/** What failed tells of those that were under way when a page left if it began no later than this after what their key says. */
const DOUBT_MS = 1_000

/** Pages that have waited in vain for longer, in all, have waited for an API that did not answer. */
const IN_VAIN_MS = 2_000

/** So many times as long as an answer takes, a page may have to wait for one. */
export const PATIENCE = 4

/**
 * With the first that is heard of the API: what was in doubt counts as taken (SPEC 5), or is to be sent again. That is all of it,
 * as this answers, where pages have waited in vain: longer than `patienceMs` each, which is to be 0 where a request has failed. Of
 * one that was begun at `failedSince` (ms since 1970), it is also what the key tells of.
 */
export const judgeDoubts = (patienceMs: number, failedSince?: number): boolean => {
  const doubts = localKeys(DOUBT)
  let waited = 0
  for (const key of doubts) {
    waited += +key.slice(DOUBT.length + DIGITS) - patienceMs
  }
  doubts.forEach(key => {
    const rest = key.slice(DOUBT.length)
    const copy = readLocal(key) as string
    // First, as there may be room for one of them only.
    removeLocal(key)
    if (
      (failedSince as number) - (rest.slice(0, DIGITS) as unknown as number) < DOUBT_MS ||
      waited > IN_VAIN_MS
    ) {
      writeLocal(SPOOL + rest, copy)
    }
  })
  return waited > IN_VAIN_MS
}

/** The ids that stand under such keys. */
export const readDone = (keys: string[]): string[] =>
  ([] as string[]).concat(...keys.map(key => (fromJson(readLocal(key)) as string[]) || []))

/** A name that no other page has. */
export const spoolName = (head: string = SPOOL): string => head + Date.now() + Math.random()

export const writeSpool = (name: string, content: unknown[]): boolean | undefined =>
  writeLocal(name, toJson(content))

/** False where it has changed since it was read: the stub of a page that is still loading may add to it. */
export const removeSpool = ({ name, copy }: Spool): boolean => {
  if (readLocal(name) !== copy) return false
  removeLocal(name)
  return true
}

/** The stub's way to leave it to the tag to write dates, and to leave out what JSON can't carry. */
const revive = (_: string, value: unknown) => {
  const date = value && (value as { $d?: string }).$d
  return date ? new Date(+date) : value
}

/** The spools of an application, oldest first, with what `read` makes of each item. */
export const readSpools = <T>(
  application: string,
  read: (item: unknown, place: number) => T,
): (Spool & { items: T[] })[] => {
  const spools: (Spool & { items: T[] })[] = []
  localKeys(SPOOL).forEach(name => {
    const copy = readLocal(name)
    const content = fromJson(copy, revive)
    if (Array.isArray(content) && content[0] === application) {
      spools.push({ name, copy, items: content.slice(1).map(read) })
    }
  })
  return spools
}

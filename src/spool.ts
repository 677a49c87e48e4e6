import { fromJson, toJson } from './json.ts'
import { localKeys, PREFIX, readLocal, removeLocal, writeLocal } from './local.ts'

/**
 * What pages leave behind in localStorage when they have no time for anything else. Each has a key of its own,
 * `pw-tag.spool<ms since 1970><random>`, so that no page overwrites another's. The stub leaves calls, the tag requests:
 * `[application, …]`, items of the first kind being arrays, `[ms, command, …]`, of the second records.
 */
export interface Spool {
  readonly name: string
  readonly text: string
  readonly items: unknown[]
}

const HEAD = `${PREFIX}spool`

/**
 * Requests that were under way, unanswered for longer than usual, when their page was left: delivered, if the next that is
 * heard of the API is an answer; not delivered, if it is a failure.
 */
export const DOUBTS: string = `${PREFIX}doubt`

/** False where it could not be written. */
export const writeSpool = (
  application: string,
  items: unknown[],
  nowMs: number,
  head: string = HEAD,
): boolean => writeLocal(head + nowMs + Math.random(), toJson([application, ...items]))

/** False where it has changed since it was read: the stub of a page that is still loading may add to it. */
export const removeSpool = ({ name, text }: Spool): boolean => {
  const same = readLocal(name) === text
  if (same) removeLocal(name)
  return same
}

/** The stub's way to leave it to the tag to write dates, and to leave out what JSON can't carry. */
const revive = (_: string, value: unknown) => {
  const date = value && (value as { $d?: string }).$d
  return date ? new Date(+date) : value
}

/** The spools of an application, oldest first. */
export const readSpools = (application: string, head: string = HEAD): Spool[] => {
  const spools: Spool[] = []
  for (const name of localKeys(head)) {
    const text = `${readLocal(name)}`
    const content = fromJson(text, revive)
    if (Array.isArray(content) && content[0] === application) {
      spools.push({ name, text, items: content.slice(1) })
    }
  }
  return spools
}

/** Whether a `storage` event tells of a spool that another page has just left. */
export const isSpool = ({ key, newValue }: StorageEvent): boolean =>
  !!newValue && `${key}`.startsWith(HEAD)

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

const SPOOL = `${PREFIX}spool`

/**
 * Requests that were under way, unanswered for longer than usual, when their page was left: delivered, if the next that is
 * heard of the API is an answer; not delivered, if it is a failure.
 */
export const DOUBTS: string = `${PREFIX}doubt`

/** Ids of requests that have ended, of which a page that left could not see whether the outbox still has them. */
export const DONE: string = `${PREFIX}done`

/** The ids that stand under such keys. */
export const readDone = (keys: string[]): string[] => {
  const ids: string[] = []
  for (const key of keys) ids.push(...((fromJson(readLocal(key)) as string[]) || []))
  return ids
}

/** A name that no other page has. */
export const spoolName = (head: string = SPOOL): string => head + Date.now() + Math.random()

export const writeSpool = (name: string, application: string, items: unknown[]): boolean =>
  writeLocal(name, toJson([application, ...items]))

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
export const readSpools = (application: string, head: string = SPOOL): Spool[] => {
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

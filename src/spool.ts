import { fromJson, toJson } from './json.ts'
import { localKeys, PREFIX, readLocal, removeLocal, writeLocal } from './local.ts'

/**
 * What pages leave behind in localStorage when they have no time for anything else. Each has a key of its own,
 * `pw-tag.spool<ms since 1970><random>`, so that no page overwrites another's. The stub leaves calls, the tag requests:
 * `[application, …]`, items of the first kind being arrays, `[ms, command, …]`, of the second records.
 */
export interface Spool {
  readonly name: string
  readonly items: unknown[]
}

const HEAD = `${PREFIX}spool`

/** False where it could not be written. */
export const writeSpool = (application: string, items: unknown[], nowMs: number): boolean =>
  writeLocal(`${HEAD}${nowMs}${`${Math.random()}`.slice(1)}`, toJson([application, ...items]))

export const removeSpool = removeLocal

/** The stub's way to leave dates to the tag, and what JSON can't carry out. */
const revive = (_: string, value: unknown) =>
  value && typeof value === 'object' && '$d' in value
    ? value.$d === null
      ? undefined
      : new Date(value.$d as number)
    : value

/** The spools of an application, oldest first. */
export const readSpools = (application: string): Spool[] => {
  const spools: Spool[] = []
  for (const name of localKeys(HEAD)) {
    const content = fromJson(readLocal(name), revive)
    if (Array.isArray(content) && content[0] === application) {
      spools.push({ name, items: content.slice(1) })
    }
  }
  return spools
}

/** Whether a `storage` event tells of a spool that another page has just left. */
export const isSpool = (event: StorageEvent): boolean =>
  !!event.newValue && !!event.key && !event.key.indexOf(HEAD)

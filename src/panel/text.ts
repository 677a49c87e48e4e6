import { attempt } from '../attempt.ts'
import { localDate } from '../clock.ts'
import { toJson } from '../json.ts'
import type { State } from '../types.ts'
import type { Row } from './history.ts'

/** What there is to be seen. */
export interface Sight {
  /** What `get` tells; not before `init`. */
  readonly state?: State
  readonly rows: readonly Row[]
  /** What waits in IndexedDB, of all pages. */
  readonly outbox: readonly Row[]
}

/** Past so many levels a value is written on one line. */
const MOST_LEVELS = 50

/** A value as indented JSON, on pages too that have patched the way to it. */
export const pretty = (value: unknown, margin = '\n'): string => {
  if (!value || typeof value !== 'object' || margin.length > 2 * MOST_LEVELS)
    return `${toJson(value)}`
  const inner = `${margin}  `
  const isList = Array.isArray(value)
  const items = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => (isList ? '' : `${toJson(name)}: `) + pretty(item, inner))
  const [first, last] = isList ? '[]' : '{}'
  return items.length ? first + inner + items.join(`,${inner}`) + margin + last : first + last
}

/** A page may have given any number for a time. */
const isoTime = (time: number) => attempt(() => new Date(time).toISOString()) || `${time}`

const dated = (row: Row) => ({ ...row, time: isoTime(row.time) })

/** All of it as JSON, to be handed to somebody who helps. Of the page's address no more than where it is: its query is private. */
export const report = (
  { state, rows, outbox }: Sight,
  { page, browser, time }: { page: string; browser: string; time: number },
): string =>
  pretty({
    time: isoTime(time),
    page,
    browser,
    state,
    calls: rows.map(dated),
    outbox: outbox.map(dated),
  })

/** The time of day, and the day too where it is not that of `now`. */
export const clock = (time: number, now: number): string => {
  const date = new Date(time)
  const isToday = date.toDateString() === new Date(now).toDateString()
  return isToday ? date.toTimeString().slice(0, 8) : attempt(() => localDate(time)) || `${time}`
}

/** What a row is about, on one line: the event and its attributes, or the user. */
export const subject = ({ method, request }: Row): string =>
  method === 'postEvent' ? `${request.event}` : request.userId ? `${request.userId}` : 'no user'

/** Where it stands, in words. */
export const standing = ({ stage, reason, status, attempts }: Row): string =>
  [
    stage,
    reason,
    status && status !== 200 && `status ${status}`,
    // Of a request that is not waiting to be sent again, once is understood.
    attempts > +(stage !== 'waiting') && `sent ${attempts}\u00d7`,
  ]
    .filter(Boolean)
    .join(' \u00b7 ')

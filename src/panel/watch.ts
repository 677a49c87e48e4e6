import { attempt } from '../attempt.ts'
import { toJson } from '../json.ts'
import type { Pw, State } from '../types.ts'
import { createHistory, type Row, rowOf, type Saying } from './history.ts'
import type { StoredReader } from './stored.ts'
import type { Sight } from './text.ts'

/** The tag as it stands on a page. */
export type Watched = Pw & { readonly d: readonly Saying[] }

/** Where nothing is said, so often is asked whether something has changed: other pages send from the same outbox. */
const ASK_MS = 2_000

export interface Watch {
  /** What there is to be seen now, with what has been said until now. */
  look(): Sight
  /** The page is being left. */
  leave(): void
}

/**
 * Follows what the tag says, and asks it from time to time for the rest. It only reads, and not in the tag's own steps: what
 * is watched goes as if it were not.
 */
export const createWatch = (
  pw: Watched,
  stored: StoredReader,
  now: () => number = Date.now,
): Watch => {
  const past = createHistory()
  const { rows } = past
  let heard = 0
  let state: State | undefined
  let outbox: Row[] = []
  let askedAt = 0
  let asking = false
  let reading = false

  const hear = () => {
    const sayings = pw.d.slice(heard)
    heard += sayings.length
    for (const saying of sayings) attempt(() => past.note(saying))
    if (sayings.length) askedAt = 0
  }

  const read = async ({ application, consent, waiting }: State) => {
    if (reading) return
    // Else there is nothing, or nothing that may be looked at.
    const isAny = consent === 'granted' && waiting
    reading = true
    const records = isAny ? await stored.read(`${application}`).catch(() => []) : []
    reading = false
    const found = records.map(record =>
      rowOf(record, (record.until || 0) > now() ? 'in flight' : 'waiting'),
    )
    // Where nothing is new, its rows stay as a visitor has opened them.
    if (toJson(found) !== toJson(outbox)) outbox = found
  }

  const ask = () => {
    const known = rows.slice()
    asking = true
    askedAt = now()
    pw('get', answer => {
      asking = false
      attempt(() => {
        hear()
        past.settle(known, answer)
        state = answer
        read(answer)
      })
    })
  }

  return {
    look() {
      hear()
      // Before `init` the tag keeps the question: one is enough.
      if (now() - askedAt > ASK_MS && !asking) ask()
      return { state, rows, outbox }
    },

    leave() {
      hear()
      past.leave()
      stored.cut()
    },
  }
}

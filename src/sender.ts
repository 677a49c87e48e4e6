import * as health from './health.ts'
import { byteLength } from './json.ts'
import { hidden } from './lifecycle.ts'
import { report } from './listeners.ts'
import { type Batch, LOOK_AGAIN_MS, type Outbox } from './outbox.ts'
import type { Outgoing } from './request.ts'
import { MOST_BYTES } from './request.ts'
import {
  DONE,
  DOUBT,
  judgeDoubts,
  removeSpool,
  type Spool,
  spoolName,
  writeSpool,
} from './spool.ts'
import { beacon, type Flight, type Outcome, post } from './transport.ts'

/** Requests of the outbox under way at one time: enough to keep a connection busy, few to be doubled by a kill. */
const WINDOW = 10

/** Live requests under way at one time. Beyond, browsers queue or refuse (Firefox: 250 for an origin). */
const MOST_FLYING = 60

/**
 * So long after its refusal a request goes without `keepalive`: if the page is being left it is gone by then, and the request
 * is in one place only.
 */
const FRAGILE_AFTER_MS = 500

/** A request unanswered for so long is stored. Most are answered before, and never touch IndexedDB. */
const STORE_AFTER_MS = 1_000

/** A request unanswered for so long, with none answered meanwhile, makes the API suspect: its delivery is not counted on. */
const SUSPECT_AFTER_MS = 2_000

/** A request that this page has in hand, and where it stands. */
interface Entry extends Outgoing, Flight {
  bytes: number
  /** When it was sent last, ms since 1970. */
  since: number
  /** In the outbox, or on its way there. */
  stored?: boolean
}

export interface SenderParts {
  readonly application: string
  outbox: Outbox
  url(record: Outgoing): string
  /** Authorises registrations. */
  token?: string
  /** When the newest registration was called (ms since 1970). */
  newestAt(): number
  /** What there is to be taken over from other pages. */
  gather(): (Spool & Batch)[]
  /** Called for each answer that ends a request. */
  ended(record: Outgoing, outcome: Outcome): void
}

export interface Sender {
  /** Takes calls over: from here on they are the sender's to deliver or report. */
  take(records: Outgoing[]): void
  /** A good moment to try again. */
  wake(): void
  /** The page is being left; `rest` gives what the gate has held back until then. */
  leave(rest: () => Outgoing[]): void
  /** Starts, or starts again after `leave` or `clear`. */
  comeBack(): void
  waiting(): Promise<number>
  /** Calls back with true when nothing waits any more. */
  drain(callback: (delivered: boolean) => void): void
  /** Forgets all that it has in memory, and does nothing until `comeBack`. */
  clear(): void
}

/**
 * Who may do what with a record is told in README.md beside this file. In short: what is in memory alone is this page's;
 * what has been stored may only be sent under a lease.
 */
export const createSender = (parts: SenderParts): Sender => {
  const { application, outbox } = parts
  const now = Date.now
  /** A new one for each life of the page: a first, and one more for each time that it is left. */
  let entries = new Map<string, Entry>()
  let flushes: ((delivered: boolean) => void)[] = []
  /** Ids of what has ended, but is perhaps still in the outbox. */
  let ended: string[] = []
  /** Have failed, and go back into the outbox. */
  let failed: Entry[] = []
  let flying = new Set<Entry>()
  let left = true
  /** Whether the outbox may hold something that this page could send. */
  let backlog = true
  /** Whether a request has been unanswered for so long that it is to be stored. */
  let late = false
  /** A good moment to look what other pages have left, and to try an API that is away before its time. */
  let urgent = true
  /** In a row, for what other pages hold: the longer they do, the rarer. */
  let looks = 0
  let exchanging = false
  /** On their way to the outbox: a page that leaves meanwhile writes that spool. */
  let batch: { name: string; list: Entry[] } | undefined
  let alarm: ReturnType<typeof setTimeout> | undefined

  const select = (condition: (entry: Entry) => unknown) => [...entries.values()].filter(condition)
  const isFlying = (entry: Entry) => flying.has(entry)
  const isWaiting = (entry: Entry) => !isFlying(entry) && !entry.stored
  const isUnsaved = ({ stored }: Entry) => !stored
  const isRegistration = ({ method }: Entry) => method === 'registerUser'
  const registering = () => [...flying].some(isRegistration)
  const flyingBytes = () =>
    [...flying].reduce((sum, { fragile, bytes }) => (fragile ? sum : sum + bytes), 0)
  const isHere = (entry: Entry) => entries.get(entry.id) === entry
  const forget = (entry: Entry) => {
    // A record that has been stored may be back already, under way in a new entry.
    if (isHere(entry)) entries.delete(entry.id)
  }

  const enter = (record: Outgoing, stored?: boolean) => {
    const { id, method, body, time, attempts } = record
    const bytes = byteLength(body)
    const entry: Entry = { id, method, body, time, attempts, bytes, since: now(), stored }
    entries.set(id, entry)
    return entry
  }

  /** Forgets an entry that is nobody's to send any more. */
  const end = (entry: Entry) => {
    forget(entry)
    if (entry.stored) ended.push(entry.id)
  }

  /** Forgets all that there is in memory, and what is under way. */
  const empty = () => {
    clearTimeout(alarm)
    left = true
    exchanging = false
    entries = new Map()
    failed = []
    batch = undefined
    flying = new Set()
  }

  /** Keeps something for the next page, synchronously. */
  const keep = (name: string, items: unknown[]) => {
    if (items.some(Boolean)) writeSpool(name, [application, ...items])
  }

  const fits = (entry: Entry) =>
    flying.size < MOST_FLYING &&
    flyingBytes() + entry.bytes <= MOST_BYTES &&
    !(isRegistration(entry) && registering())

  const fly = async (entry: Entry) => {
    const { fragile } = entry
    if (!isHere(entry)) return
    if (isRegistration(entry) && entry.time < parts.newestAt()) {
      // Of several registrations only the newest is sent (SPEC 3).
      end(entry)
      report(entry, 'dropped', 'superseded')
      setTimeout(pump)
      return
    }
    flying.add(entry)
    entry.since = now()
    const outcome = await post(
      parts.url(entry),
      entry.body,
      isRegistration(entry) ? parts.token : undefined,
      entry,
    )
    // It has been handed over, or thrown away: how it ended is nobody's any more. And Chromium tells a page that closes
    // itself that its requests failed, while it delivers them.
    if (!isHere(entry) || (outcome.cut && window.closed)) return
    if (outcome.cut && !fragile) {
      // The page may have eaten up the quota, which looks like any network error.
      entry.fragile = true
      setTimeout(fly, FRAGILE_AFTER_MS, entry)
      return
    }
    flying.delete(entry)
    land(entry, outcome)
  }

  const land = (entry: Entry, outcome: Outcome) => {
    const { type } = outcome
    entry.attempts++
    if (judgeDoubts(type === 'retry' ? entry.since : undefined)) urgent = true
    if (type === 'retry') {
      health.failed(entry.since, outcome.afterMs)
      if (entry.stored) failed.push(entry)
    } else {
      health.answered()
      end(entry)
      parts.ended(entry, outcome)
      report(entry, type, type === 'refused' ? outcome.reason : undefined, outcome.status)
    }
    pump()
  }

  const look = () => {
    backlog = true
    pump()
  }

  const setAlarm = (delayMs: number) => {
    clearTimeout(alarm)
    alarm = setTimeout(look, delayMs)
  }

  const wake = () => {
    urgent = true
    looks = 0
    look()
  }

  /** Sends what may be sent now, and does with the outbox, in one exchange at a time, all that there is to do. */
  const pump = async () => {
    if (left) return
    const failing = health.isFailing()
    if (!failing) for (const entry of select(isWaiting)) if (fits(entry)) fly(entry)
    if (exchanging) return

    const unsaved = () => (failing || late ? select(isUnsaved) : [])
    const nextTry = backlog ? health.nextTry(urgent) : 0
    const room =
      backlog && nextTry <= now() && (failing || !select(isWaiting).length)
        ? (failing ? 1 : WINDOW) - flying.size
        : 0
    if (!urgent && room < 1 && !ended.length && !failed.length && !unsaved().length) {
      // Not all tabs at the same time: they hear of each other's tries.
      if (nextTry > now()) setAlarm(nextTry - now() + Math.random() * LOOK_AGAIN_MS)
      return finish()
    }

    exchanging = true
    const life = entries
    await outbox.prepare()
    if (life !== entries) return
    const done = ended.slice()
    const back = failed
    const list = unsaved()
    const spools = urgent ? parts.gather() : []
    const batches: Batch[] = [...spools]
    failed = []
    urgent = late = false
    if (list.length) {
      batch = { name: spoolName(), list }
      for (const entry of list) entry.stored = true
      batches.push({
        name: batch.name,
        items: list,
        flying: list.filter(isFlying),
      })
    }
    const idle = list.filter(entry => !isFlying(entry)).concat(back)
    const { records, dropped, againMs } = await outbox.exchange({
      ended: done,
      failed: back,
      batches,
      want:
        room > 0
          ? { room, bytes: MOST_BYTES - flyingBytes(), registration: !registering() }
          : undefined,
    })
    // What was claimed in another life is free by now: the lock has been given up.
    if (life !== entries) return
    exchanging = false
    batch = undefined
    ended = ended.slice(done.length)
    idle.forEach(forget)
    for (const [record, reason] of dropped) report(record, 'dropped', reason)
    for (const spool of spools) if (!removeSpool(spool)) urgent = true
    if (room > 0) {
      backlog = !!records.length
      if (backlog) looks = 0
    }
    if (idle.length || spools.length) backlog = true
    else if (againMs && !backlog) setAlarm(againMs * ++looks)
    for (const record of records) fly(enter(record, true))
    pump()
  }

  /** Where nothing is left to do, says so. */
  const finish = async () => {
    const isIdle = () => !entries.size && !exchanging
    if (!isIdle()) return
    outbox.rest()
    if (!flushes.length) return
    const waiting = await outbox.total()
    if (!isIdle()) return
    if (waiting) return
    for (const callback of flushes) callback(true)
    flushes = []
  }

  /** A flight that can't be counted on: the API fails, or looks as if it did, or the browser ends it with the page. */
  const isDoubtful = (entry: Entry) =>
    entry.fragile ||
    health.isFailing() ||
    (health.answeredAt < entry.since && now() - entry.since > SUSPECT_AFTER_MS)

  /** Hands a request to the browser for a page that is leaving; false if that can't be. */
  const handOver = (entry: Entry) => {
    if (isFlying(entry) || entry.stored || health.isFailing() || !fits(entry)) return false
    // A beacon can't carry a token.
    if (isRegistration(entry) && parts.token) {
      fly(entry)
      if (entry.fragile) return false
    } else if (!beacon(parts.url(entry), entry.body)) return false
    flying.add(entry)
    return true
  }

  /**
   * The page has left, or is leaving: hands over to the browser what it takes, and keeps the rest for the next page. What has
   * been handed over, as the `handed` were before, is kept as well, in doubt, since nobody hears how it ends.
   */
  const part = (list: Entry[], handed: Entry[]) => {
    const others: Entry[] = []
    for (const entry of list) (handOver(entry) ? handed : others).push(entry)
    list.forEach(forget)
    // Under another id: that of a record which the outbox had, is on its way out of it.
    const doubtful = handed.map(entry => ({ ...entry, id: `${entry.id}?` }))
    keep(spoolName(DOUBT), doubtful)
    keep(spoolName(), (others as Outgoing[]).concat(outbox.takeMemory()))
  }

  return {
    take(records) {
      const list = records.map(record => enter(record))
      // Timers of hidden pages are late by up to a minute, and such a page may be gone by then.
      if (left) part(list, [])
      else if (hidden()) late = true
      else {
        setTimeout(() => {
          if (!list.some(entry => isHere(entry) && isUnsaved(entry))) return
          late = true
          pump()
        }, STORE_AFTER_MS)
      }
      pump()
    },

    wake,

    leave(rest) {
      const handed = [...flying].filter(entry => !isDoubtful(entry))
      handed.forEach(end)
      // The first act, before anything else is touched: Firefox, closing a tab, lets no transaction through after that, nor
      // one behind another. So that what has ended is written down as well.
      if (ended.length) outbox.exchange({ ended })
      keep(spoolName(DONE), ended)
      if (batch)
        keep(
          batch.name,
          batch.list.map(entry => isHere(entry) && entry),
        )
      for (const record of rest()) enter(record)
      part(select(isUnsaved), handed)
      empty()
      outbox.rest()
    },

    comeBack() {
      empty()
      left = false
      wake()
    },

    waiting: async () => select(isUnsaved).length + (await outbox.total()),

    drain(callback) {
      flushes.push(callback)
      wake()
    },

    clear() {
      empty()
      outbox.takeMemory()
      ended = []
    },
  }
}

import * as health from './health.ts'
import { byteLength } from './json.ts'
import { hidden } from './lifecycle.ts'
import { report } from './listeners.ts'
import type { Dropped, Outbox } from './outbox.ts'
import type { Outgoing } from './request.ts'
import { MOST_BYTES } from './request.ts'
import { beacon, type Flight, type Outcome, post } from './transport.ts'

/** Requests of the outbox under way at one time: enough to keep a connection busy, few to be doubled by a kill. */
const WINDOW = 10

/** Live requests under way at one time. Beyond, browsers queue or refuse (Firefox: 250 for an origin). */
const MOST_FLYING = 60

/** A request unanswered for so long is stored. Most are answered before, and never touch IndexedDB. */
const STORE_AFTER_MS = 800

/** A request unanswered for so long, with none answered meanwhile, makes the API suspect: its delivery is not counted on. */
const SUSPECT_AFTER_MS = 2_000

/** Longer than most answers take. */
const LONG_MS = 300

/** A new call may try an API that is away, but not more often than this. */
const RETRY_GAP_MS = 1_000

interface Entry extends Flight {
  readonly record: Outgoing
  readonly bytes: number
  /** Under way. */
  flying?: boolean
  /** When it was sent last, ms since 1970. */
  since: number
  /** Whether the outbox has it: `asked` until that is confirmed. */
  stored?: 'asked' | 'yes'
}

export interface SenderParts {
  outbox: Outbox
  url(record: Outgoing): string
  /** Authorises registrations. */
  token?: string
  /** When the newest registration was called (ms since 1970). */
  newestAt(): number
  /** Keeps records for the next page, synchronously: some to be sent, some of which it is not sure that they were. */
  spool(records: Outgoing[], unsure: Outgoing[]): void
  /** The API has answered, or failed. */
  heard(answered: boolean): void
  /** Called for each answer that ends a request. */
  ended(record: Outgoing, outcome: Outcome): void
}

export interface Sender {
  /** Takes a call over: from here on it is the sender's to deliver or report. */
  send(record: Outgoing): void
  /** Takes over what another page, or the stub, left in a spool. */
  adopt(spool: string, items: (Outgoing | undefined)[]): Promise<void>
  /** A good moment to try again. */
  wake(): void
  leave(): void
  /** Starts, or starts again after `leave` or `clear`. */
  comeBack(): void
  waiting(): Promise<number>
  /** Calls back with true when nothing waits any more. */
  flush(callback: (delivered: boolean) => void): void
  /** Forgets all that it has in memory, and does nothing until `comeBack`. */
  clear(): void
}

/**
 * Who may do what with a record is told in README.md beside this file. In short: what is in memory alone is this page's;
 * what has been stored may only be sent under a lease.
 */
export const createSender = (parts: SenderParts): Sender => {
  const { outbox } = parts
  const now = Date.now
  const entries = new Map<string, Entry>()
  let flushes: ((delivered: boolean) => void)[] = []
  /** Ended, but not yet out of the outbox. */
  let ended: Outgoing[] = []
  let flying = 0
  let flyingBytes = 0
  let left = true
  /** How often the page has come to life: when it is first shown, and from the back/forward cache. */
  let lives = 0
  /** Whether the outbox may hold something that this page could send. */
  let backlog = true
  let storing = false
  let draining = false
  /** Claims, adoptions and settlements under way. */
  let busy = 0
  /** A good moment: the next claim may try an API that is away before its time. */
  let urgent = true
  let alarm: ReturnType<typeof setTimeout> | undefined

  const select = (condition: (entry: Entry) => unknown) => [...entries.values()].filter(condition)
  const isWaiting = (entry: Entry) => !entry.flying && !entry.stored
  const isRegistration = ({ record }: Entry) => record.method === 'registerUser'
  const registering = () => select(entry => entry.flying && isRegistration(entry)).length > 0
  const isHere = (entry: Entry) => entries.get(entry.record.id) === entry
  const forget = (entry: Entry) => {
    // A record that has been stored may be back already, under way in a new entry.
    if (isHere(entry)) entries.delete(entry.record.id)
  }
  const recordsOf = (list: Entry[]) => list.map(({ record }) => record)
  const drop = (dropped: Dropped[]) => {
    for (const [record, reason] of dropped) report(record, 'dropped', reason)
  }

  const enter = (record: Outgoing, stored?: 'yes') => {
    const entry: Entry = { record, bytes: byteLength(record.body), since: now(), stored }
    entries.set(record.id, entry)
    return entry
  }

  const fits = (entry: Entry) =>
    flying < MOST_FLYING &&
    flyingBytes + entry.bytes <= MOST_BYTES &&
    !(isRegistration(entry) && registering())

  const launch = (entry: Entry) =>
    post(
      parts.url(entry.record),
      entry.record.body,
      isRegistration(entry) ? parts.token : undefined,
      entry,
    )

  const fly = async (entry: Entry) => {
    const bytes = entry.fragile ? 0 : entry.bytes
    entry.flying = true
    entry.since = now()
    flying++
    flyingBytes += bytes
    const outcome = await launch(entry)
    // Chromium tells a page that closes itself that its requests failed, while it delivers them.
    if (outcome.cut && window.closed) return
    entry.flying = false
    flying--
    flyingBytes -= bytes
    // Otherwise it has been handed over, or thrown away, and how it ended is nobody's any more.
    if (isHere(entry)) land(entry, outcome)
  }

  const land = (entry: Entry, outcome: Outcome) => {
    const { record, stored } = entry
    const { type } = outcome
    if (outcome.cut && !entry.fragile) {
      // The page may have eaten up the quota, which looks like any network error.
      entry.fragile = true
      fly(entry)
      return
    }
    record.attempts++
    if (type === 'retry') {
      health.failed(outcome.afterMs)
      parts.heard(false)
      if (stored) outbox.release(record).then(() => giveUp([entry]))
    } else {
      health.answered()
      parts.heard(true)
      forget(entry)
      if (stored) ended.push(record)
      parts.ended(record, outcome)
      report(record, type, type === 'refused' ? outcome.reason : undefined, outcome.status)
    }
    pump()
  }

  /** From memory to the outbox, from where any page may claim them. */
  const giveUp = (list: Entry[]) => {
    list.forEach(forget)
    backlog = true
    pump()
  }

  /** Stores entries; those that are not under way are then anybody's. */
  const store = async (list: Entry[]) => {
    if (!list.length) return
    storing = true
    for (const entry of list) entry.stored = 'asked'
    const waiting = list.filter(entry => !entry.flying)
    const idle = recordsOf(waiting)
    drop(await outbox.add(recordsOf(list), record => !idle.includes(record)))
    storing = false
    for (const entry of list) entry.stored = 'yes'
    giveUp(waiting)
  }

  /** Timers of hidden pages are late by up to a minute, and such a page may be gone by then. */
  const storeAfterMs = () => (hidden() ? 0 : STORE_AFTER_MS)

  /** Stores what has been waiting for an answer, or to be sent, for too long. */
  const save = async () => {
    const old = () =>
      select(({ stored, record }) => !stored && record.time <= now() - storeAfterMs())
    if (!old().length) return
    await outbox.prepare()
    if (!left) store(old())
  }

  /** Takes what has ended out of the outbox; and where nothing is left to do, says so. */
  const settle = async () => {
    const records = ended
    if (records.length) {
      ended = []
      busy++
      await outbox.settle(records)
      busy--
    }
    const isIdle = () => !entries.size && !busy && !ended.length
    if (!isIdle()) return
    outbox.rest()
    if (flushes.length && !(await outbox.count()) && isIdle()) {
      for (const callback of flushes) callback(true)
      flushes = []
    }
  }

  const setAlarm = (delayMs: number) => {
    clearTimeout(alarm)
    alarm = setTimeout(() => {
      backlog = true
      pump()
    }, delayMs)
  }

  const wake = () => {
    urgent = backlog = true
    pump()
  }

  /** Sends what may be sent now, and claims from the outbox as much as there is room for. */
  const pump = async () => {
    if (left) return
    const failing = health.isFailing()
    const waiting = select(isWaiting)
    // One transaction at a time, with all that has been called meanwhile.
    if (failing) storing || store(waiting)
    else for (const entry of waiting) if (fits(entry)) fly(entry)
    settle()

    const room = (failing ? 1 : WINDOW) - flying
    if (draining || !backlog || room < 1 || (!failing && select(isWaiting).length)) return
    const nextTry = health.nextTry(urgent)
    if (nextTry > now()) return setAlarm(nextTry - now())
    draining = true
    backlog = false
    busy++
    const life = lives
    const { records, dropped, againMs } = await outbox.claim({
      room,
      bytes: MOST_BYTES - flyingBytes,
      registration: () => !registering(),
      newestAt: parts.newestAt,
    })
    draining = false
    busy--
    drop(dropped)
    // What was claimed in another life is free by now: the lock has been given up.
    if (life !== lives) return pump()
    urgent = false
    if (records.length) backlog = true
    if (againMs !== undefined && !backlog) setAlarm(againMs)
    for (const record of records) fly(enter(record, 'yes'))
    pump()
  }

  /** How long the API has answered nothing at all since this request was sent. */
  const silenceMs = ({ since }: Entry) => (health.answeredAt < since ? now() - since : 0)

  /** A flight that can't be counted on: the API fails, or looks as if it did, or the browser ends it with the page. */
  const isDoubtful = (entry: Entry) =>
    entry.fragile || health.isFailing() || silenceMs(entry) > SUSPECT_AFTER_MS

  /** A flight that may be lost, if the API has begun to hang. */
  const isUnsure = (entry: Entry) => silenceMs(entry) > LONG_MS

  /** Hands a request to the browser for a page that is leaving; false if that can't be. */
  const handOver = (entry: Entry) => {
    const { record, bytes, flying, stored } = entry
    if (flying || stored || health.isFailing() || !fits(entry)) return false
    if (isRegistration(entry)) {
      launch(entry)
      if (entry.fragile) return false
    } else if (!beacon(parts.url(record), record.body)) return false
    // For good: no answer will tell when it is through.
    flyingBytes += bytes
    return true
  }

  return {
    send(record) {
      // Of several registrations that wait, only the newest is sent (SPEC 3).
      const older = select(
        entry => record.method === 'registerUser' && isRegistration(entry) && isWaiting(entry),
      )
      older.forEach(forget)
      drop(older.map(entry => [entry.record, 'superseded']))
      const entry = enter(record)
      if (left) {
        forget(entry)
        if (!handOver(entry)) parts.spool([record], [])
      } else {
        if (now() - health.failedAt > RETRY_GAP_MS) urgent = true
        setTimeout(save, storeAfterMs())
        pump()
      }
    },

    async adopt(spool, items) {
      busy++
      drop(await outbox.adopt(spool, items))
      busy--
      giveUp([])
    },

    wake,

    leave() {
      left = true
      lives++
      clearTimeout(alarm)
      const handed = select(entry => entry.flying && !isDoubtful(entry))
      handed.forEach(forget)
      const others = select(({ stored }) => stored !== 'yes')
      entries.clear()
      ended.push(...recordsOf(handed.concat(others).filter(({ stored }) => stored)))
      // The first act, before any beacon: Firefox, closing a tab, lets no transaction through after one.
      settle()
      parts.spool(
        recordsOf(others.filter(entry => !handOver(entry))),
        recordsOf(handed.filter(isUnsure)),
      )
      outbox.rest()
    },

    comeBack() {
      health.refresh()
      left = false
      lives++
      flyingBytes = 0
      wake()
    },

    waiting: async () => select(({ stored }) => stored !== 'yes').length + (await outbox.count()),

    flush(callback) {
      flushes.push(callback)
      wake()
    },

    clear() {
      left = true
      lives++
      for (const { abort } of select(() => true)) if (abort) abort()
      entries.clear()
      ended = []
    },
  }
}

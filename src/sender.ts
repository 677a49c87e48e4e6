import type { Health } from './health.ts'
import { byteLength } from './json.ts'
import type { Dropped, Outbox } from './outbox.ts'
import type { Outgoing } from './request.ts'
import { MOST_BYTES } from './request.ts'
import { backoff } from './retry.ts'
import type { Outcome, Transport } from './transport.ts'

/** Requests of the outbox under way at one time: enough to keep a connection busy, few to be doubled by a kill. */
const WINDOW = 10

/** Live requests under way at one time. Beyond, browsers queue or refuse (Firefox: 250 for an origin). */
const MOST_FLYING = 60

/** A request unanswered for so long is stored. Most are answered before, and never touch IndexedDB. */
const STORE_AFTER_MS = 800

/** A request unanswered for so long, with none answered meanwhile, makes the API suspect: its delivery is not counted on. */
const SUSPECT_AFTER_MS = 2_000

/** A new call may try an API that is away, but not more often than this. */
const RETRY_GAP_MS = 1_000

interface Entry {
  readonly record: Outgoing
  readonly bytes: number
  /** Under way. */
  flying: boolean
  /** Under way in such a way that the browser goes on when the page has left. */
  keepalive: boolean
  /** When it was called or sent, ms since 1970. */
  since: number
  /** Whether the outbox has it: `asked` until that is confirmed. */
  stored: 'no' | 'asked' | 'yes'
}

/** How a request ended, for the listeners. */
export type Report = (
  record: Outgoing,
  type: 'delivered' | 'refused' | 'dropped',
  reason?: string,
  status?: number,
) => void

export interface SenderParts {
  outbox: Outbox
  transport: Transport
  health: Health
  now(): number
  random(): number
  hidden(): boolean
  url(record: Outgoing): string
  /** Authorises registrations. */
  token?: string
  /** When the newest registration that the API took was called (ms since 1970). */
  takenAt(): number
  /** Keeps records for the next page, synchronously. */
  spool(records: Outgoing[]): void
  report: Report
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
  comeBack(): void
  waiting(): Promise<number>
  /** Calls back with true when nothing waits any more, unless that takes longer than `timeoutMs`. */
  flush(callback: (delivered: boolean) => void, timeoutMs: number): void
  /** Forgets all that it has in memory. */
  clear(): void
}

/**
 * Who may do what with a record is told in README.md beside this file. In short: what is in memory alone is this page's;
 * what has been stored may only be sent under a lease.
 */
export const createSender = (parts: SenderParts): Sender => {
  const { outbox, transport, health, now, report } = parts
  const entries = new Map<string, Entry>()
  const flushes = new Set<() => void>()
  /** Ended, but not yet out of the outbox. */
  let ended: Outgoing[] = []
  let flying = 0
  let flyingBytes = 0
  let left = false
  /** Whether the outbox may hold something that this page could send. */
  let backlog = true
  let draining = false
  let adopting = 0
  /** A good moment: the next claims take what is not due yet too, and try an API that is away before its time. */
  let urgent = true
  let alarm: ReturnType<typeof setTimeout> | undefined
  let saving: ReturnType<typeof setTimeout> | undefined

  const select = (condition: (entry: Entry) => boolean) =>
    Array.from(entries.values()).filter(condition)
  const isWaiting = (entry: Entry) => !entry.flying && entry.stored === 'no'
  const isRegistration = ({ record }: Entry) => record.method === 'registerUser'
  const registering = () => select(entry => entry.flying && isRegistration(entry)).length > 0
  const drop = (dropped: Dropped[]) => {
    for (const [record, reason] of dropped) report(record, 'dropped', reason)
  }

  const enter = (record: Outgoing, stored: Entry['stored']) => {
    const bytes = byteLength(record.body)
    const entry: Entry = { record, bytes, flying: false, keepalive: true, since: now(), stored }
    entries.set(record.id, entry)
    return entry
  }

  const fits = (entry: Entry) =>
    flying < MOST_FLYING &&
    flyingBytes + entry.bytes <= MOST_BYTES &&
    !(isRegistration(entry) && registering())

  const fly = async (entry: Entry, keepalive = true) => {
    const { record, bytes } = entry
    entry.flying = true
    entry.keepalive = keepalive
    entry.since = now()
    flying++
    if (keepalive) flyingBytes += bytes
    saveLater()
    const token = isRegistration(entry) ? parts.token : undefined
    const outcome = await transport.send(parts.url(record), record.body, token, keepalive)
    entry.flying = false
    flying--
    if (keepalive) flyingBytes -= bytes
    // Otherwise it has been handed over, or thrown away, and how it ended is nobody's any more.
    if (entries.get(record.id) === entry) land(entry, outcome)
  }

  const land = (entry: Entry, outcome: Outcome): void => {
    const { record, keepalive, since } = entry
    const { type, cause, afterMs } = outcome
    // The page may have eaten up the quota, which looks like any network error.
    if (cause === 'network' && keepalive) {
      fly(entry, false)
      return
    }
    record.attempts++
    if (type !== 'retry') {
      health.answered()
      entries.delete(record.id)
      if (entry.stored !== 'no') ended.push(record)
      parts.ended(record, outcome)
      report(record, type, type === 'refused' ? outcome.reason : undefined, outcome.status)
    } else {
      if (cause === 'stranger' || health.answeredAt() > since) {
        // It is this request, not the API.
        record.notBefore = now() + Math.max(afterMs || 0, backoff(record.attempts, parts.random()))
      } else health.failed(afterMs)
      if (entry.stored === 'no') store([entry], false)
      else outbox.release(record).then(() => giveUp([entry]))
    }
    pump()
  }

  /** From memory to the outbox, from where any page may claim them. */
  const giveUp = (list: Entry[]) => {
    for (const { record } of list) entries.delete(record.id)
    backlog = true
    pump()
  }

  const store = async (list: Entry[], leased: boolean) => {
    if (!list.length) return
    for (const entry of list) entry.stored = 'asked'
    const records = list.map(entry => entry.record)
    drop(await outbox.add(records, leased))
    for (const entry of list) entry.stored = 'yes'
    if (!leased) giveUp(list)
  }

  /** Timers of hidden pages are late by up to a minute, and such a page may be gone by then. */
  const storeAfterMs = () => (parts.hidden() ? 0 : STORE_AFTER_MS)

  const saveLater = () => {
    if (!saving) saving = setTimeout(save, storeAfterMs())
  }

  /** Stores what has been waiting for an answer, or to be sent, for too long. */
  const save = async () => {
    await outbox.prepare()
    saving = undefined
    if (left) return
    const old = select(({ stored, since }) => stored === 'no' && since <= now() - storeAfterMs())
    store(
      old.filter(entry => entry.flying),
      true,
    )
    store(
      old.filter(entry => !entry.flying),
      false,
    )
    if (select(({ stored }) => stored === 'no').length) saveLater()
  }

  const settle = () => {
    const records = ended
    ended = []
    if (records.length) outbox.settle(records).then(rest, () => ended.push(...records))
  }

  const rest = () => {
    if (!entries.size && !ended.length && !draining) outbox.rest()
    for (const check of flushes) check()
  }

  const setAlarm = (time: number) => {
    clearTimeout(alarm)
    alarm = setTimeout(() => {
      backlog = true
      pump()
    }, time - now())
  }

  const pump = () => {
    if (left) return
    if (health.failing()) store(select(isWaiting), false)
    else for (const entry of select(isWaiting)) if (fits(entry)) fly(entry)
    drain()
    settle()
    rest()
  }

  const wake = () => {
    urgent = backlog = true
    pump()
  }

  /** Claims from the outbox as much as can be sent at once. */
  const drain = async () => {
    const failing = health.failing()
    const room = (failing ? 1 : WINDOW) - flying
    if (draining || !backlog || room < 1 || (!failing && select(isWaiting).length)) return
    const nextTry = health.nextTry(urgent)
    if (nextTry > now()) return setAlarm(nextTry)
    draining = true
    settle()
    const { records, dropped, next } = await outbox.claim({
      room,
      bytes: MOST_BYTES - flyingBytes,
      probe: failing,
      early: urgent,
      registration: !registering(),
      takenAt: parts.takenAt(),
    })
    draining = false
    drop(dropped)
    if (left) return
    backlog = records.length > 0
    if (!backlog || failing) urgent = false
    if (next !== undefined && !backlog) setAlarm(Math.max(next, now() + 50))
    for (const record of records) fly(enter(record, 'yes'))
    if (backlog) drain()
    else rest()
  }

  /** A flight that can't be counted on: the API fails, or looks as if it did, or the browser ends it with the page. */
  const isDoubtful = ({ keepalive, since }: Entry) =>
    !keepalive ||
    health.failing() ||
    (since < now() - SUSPECT_AFTER_MS && health.answeredAt() < since)

  /** Hands a request to the browser for a page that is leaving; false if that can't be. */
  const handOver = (entry: Entry) => {
    const { record, bytes } = entry
    if (health.failing() || !fits(entry)) return false
    const url = parts.url(record)
    if (isRegistration(entry)) transport.send(url, record.body, parts.token, true)
    else if (!transport.beacon(url, record.body)) return false
    // For good: no answer will tell when it is through.
    flyingBytes += bytes
    return true
  }

  return {
    send(record) {
      // Of several registrations that wait, only the newest is sent (SPEC 3).
      const older = record.method === 'registerUser' ? select(isRegistration).filter(isWaiting) : []
      for (const entry of older) {
        entries.delete(entry.record.id)
        drop([[entry.record, 'superseded']])
      }
      const entry = enter(record, 'no')
      if (left) {
        entries.clear()
        if (!handOver(entry)) parts.spool([record])
        return
      }
      if (now() - health.failedAt() > RETRY_GAP_MS) urgent = true
      saveLater()
      pump()
    },

    async adopt(spool, items) {
      adopting++
      drop(await outbox.adopt(spool, items))
      adopting--
      backlog = true
      pump()
    },

    wake,

    leave() {
      if (left) return
      left = true
      clearTimeout(alarm)
      clearTimeout(saving)
      saving = undefined
      const handed = select(entry => entry.flying && !isDoubtful(entry))
      const others = select(entry => handed.indexOf(entry) < 0 && entry.stored !== 'yes')
      for (const { record, stored } of handed.concat(others)) {
        if (stored !== 'no') ended.push(record)
      }
      // The first act, before any beacon: Firefox, closing a tab, lets no transaction through after one.
      settle()
      entries.clear()
      const kept = others.filter(
        entry => entry.flying || entry.stored !== 'no' || !handOver(entry),
      )
      parts.spool(kept.map(({ record }) => record))
      outbox.rest()
    },

    comeBack() {
      left = false
      flyingBytes = 0
      wake()
    },

    waiting: async () =>
      select(({ stored }) => stored !== 'yes').length + (await outbox.count()),

    flush(callback, timeoutMs) {
      const end = now() + timeoutMs
      const isBusy = () => entries.size || adopting || ended.length
      const check = async () => {
        if (now() > end) flushes.delete(check)
        else if (!isBusy() && !(await outbox.count()) && !isBusy() && flushes.delete(check)) {
          callback(true)
        }
      }
      flushes.add(check)
      wake()
    },

    clear() {
      entries.clear()
      ended = []
      clearTimeout(alarm)
    },
  }
}

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

/** The same for a page that has been hidden, and may be gone by then. */
const STORE_AFTER_HIDING_MS = 1_000

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
  /** From when on it is to be stored, if it still waits for its answer, ms since 1970. */
  storeFrom: number
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
  /** What only memory holds, for a page that leaves. */
  takeUnsaved(): Outgoing[]
  transport: Transport
  health: Health
  now(): number
  random(): number
  hidden(): boolean
  /** Where a method is to be found, and what authorises it. */
  route(record: Outgoing): { url: string; token?: string }
  takenAt(): number
  /** Keeps records for the next page, synchronously. */
  spool(records: Outgoing[]): void
  report: Report
  delivered(record: Outgoing, outcome: Outcome): void
}

export interface Sender {
  /** Takes a call over: from here on it is the sender's to deliver or report. */
  send(record: Outgoing): void
  /** Takes over what another page, or the stub, left in a spool. */
  adopt(spool: string, items: (Outgoing | undefined)[]): Promise<void>
  /** A good moment to try again. */
  wake(): void
  hide(): void
  leave(): void
  comeBack(): void
  waiting(): Promise<number>
  /** Calls back with true when nothing waits any more, with false after `timeoutMs`. */
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
  /** Bytes handed over since the page is being left: no answer will tell when they are through. */
  let lastBytes = 0
  /** Whether the outbox may hold something that this page could send. */
  let backlog = true
  let draining = false
  let adopting = 0
  /** A good moment: the next claims take what is not due yet too, and try an API that is away before its time. */
  let urgent = true
  let alarm: ReturnType<typeof setTimeout> | undefined
  let saving: ReturnType<typeof setTimeout> | undefined

  const all = () => Array.from(entries.values())
  const waitsHere = (entry: Entry) => !entry.flying && entry.stored === 'no'
  const drop = (dropped: Dropped[]) => {
    for (const [record, reason] of dropped) report(record, 'dropped', reason)
  }

  const newEntry = (record: Outgoing, stored: Entry['stored']): Entry => ({
    record,
    bytes: byteLength(record.body),
    flying: false,
    keepalive: true,
    since: now(),
    storeFrom: storeFrom(),
    stored,
  })

  const fits = ({ record, bytes }: Entry) =>
    flying < MOST_FLYING &&
    flyingBytes + bytes <= MOST_BYTES &&
    (record.method === 'postEvent' || !registering())

  const registering = () =>
    all().some(entry => entry.flying && entry.record.method === 'registerUser')

  const fly = (entry: Entry, keepalive = true) => {
    const { record, bytes } = entry
    const { url, token } = parts.route(record)
    entry.flying = true
    entry.keepalive = keepalive
    entry.since = now()
    entry.storeFrom = storeFrom()
    flying++
    if (keepalive) flyingBytes += bytes
    saveLater()
    transport.send(url, record.body, token, keepalive).then(outcome => {
      entry.flying = false
      flying--
      if (keepalive) flyingBytes -= bytes
      // Otherwise it has been handed over, or thrown away, and how it ended is nobody's any more.
      if (entries.get(record.id) === entry) land(entry, outcome)
    })
  }

  const land = (entry: Entry, outcome: Outcome) => {
    const { record } = entry
    if (outcome.type !== 'retry') {
      health.answered()
      entries.delete(record.id)
      if (entry.stored !== 'no') ended.push(record)
      parts.delivered(record, outcome)
      record.attempts++
      report(
        record,
        outcome.type,
        outcome.type === 'refused' ? outcome.reason : undefined,
        outcome.status,
      )
    } else if (outcome.cause === 'network' && entry.keepalive) {
      // The page may have eaten up the quota, which looks like any network error.
      return fly(entry, false)
    } else {
      record.attempts++
      if (outcome.cause === 'stranger' || health.answeredAt() > entry.since) {
        // It is this request, not the API.
        record.notBefore =
          now() + Math.max(outcome.afterMs || 0, backoff(record.attempts, parts.random()))
      } else health.failed(outcome.afterMs)
      giveBack(entry)
    }
    pump()
  }

  /** To the outbox, to wait there. */
  const giveBack = (entry: Entry) => {
    if (entry.stored === 'no') return store([entry], false)
    outbox.release(entry.record).then(() => {
      entries.delete(entry.record.id)
      backlog = true
      pump()
    })
  }

  const store = (list: Entry[], leased: boolean) => {
    if (!list.length) return
    for (const entry of list) entry.stored = 'asked'
    outbox
      .add(
        list.map(entry => entry.record),
        leased,
      )
      .then(dropped => {
        for (const entry of list) {
          if (entry.stored !== 'asked') continue
          entry.stored = 'yes'
          if (!leased && entries.get(entry.record.id) === entry) entries.delete(entry.record.id)
        }
        if (!leased) backlog = true
        drop(dropped)
        pump()
      })
  }

  /** Timers of hidden pages are late by up to a minute. */
  const storeFrom = () => now() + (parts.hidden() ? 0 : STORE_AFTER_MS)

  const saveLater = (delayMs = parts.hidden() ? 0 : STORE_AFTER_MS) => {
    if (!saving) saving = setTimeout(save, delayMs)
  }

  /** Stores what has been waiting for an answer, or to be sent, for too long. */
  const save = async () => {
    saving = undefined
    const old = (entry: Entry) => entry.stored === 'no' && entry.storeFrom <= now()
    if (all().some(entry => old(entry) && entry.flying)) await outbox.prepare()
    if (left) return
    store(
      all().filter(entry => old(entry) && entry.flying),
      true,
    )
    store(
      all().filter(entry => old(entry) && !entry.flying),
      false,
    )
    if (all().some(entry => entry.stored === 'no')) saveLater(100)
  }

  const settle = () => {
    if (!ended.length) return
    const records = ended
    ended = []
    outbox.settle(records).then(rest, () => {
      ended.push(...records)
    })
  }

  const rest = () => {
    if (!entries.size && !ended.length && !draining) outbox.rest()
    for (const check of flushes) check()
  }

  const setAlarm = (time: number) => {
    clearTimeout(alarm)
    alarm = setTimeout(
      () => {
        backlog = true
        pump()
      },
      Math.max(0, time - now()),
    )
  }

  const pump = () => {
    if (left) return
    if (health.failing()) store(all().filter(waitsHere), false)
    else {
      for (const entry of all()) if (waitsHere(entry) && fits(entry)) fly(entry)
    }
    drain()
    settle()
    rest()
  }

  /** Claims from the outbox as much as can be sent at once. */
  const drain = async () => {
    const failing = health.failing()
    if (draining || !backlog || (!failing && all().some(waitsHere))) return
    const room = failing ? 1 - flying : WINDOW - flying
    if (room < 1) return
    if (failing && health.until() > now() && (health.strict() || !urgent)) {
      return setAlarm(health.until())
    }
    draining = true
    try {
      settle()
      const claim = await outbox.claim({
        room,
        bytes: MOST_BYTES - flyingBytes,
        probe: failing,
        early: urgent,
        registration: !registering(),
        takenAt: parts.takenAt(),
      })
      drop(claim.dropped)
      if (left) return
      backlog = claim.records.length > 0
      if (!backlog || failing) urgent = false
      if (claim.next !== undefined && !backlog) setAlarm(Math.max(claim.next, now() + 50))
      for (const record of claim.records) {
        const entry = newEntry(record, 'yes')
        entries.set(record.id, entry)
        fly(entry)
      }
    } finally {
      draining = false
    }
    if (backlog) drain()
    else rest()
  }

  /** Of several registrations that wait, only the newest is sent (SPEC 3). */
  const supersede = (newer: Outgoing) => {
    if (newer.method !== 'registerUser') return
    for (const entry of all()) {
      if (entry.record.method === 'registerUser' && waitsHere(entry)) {
        entries.delete(entry.record.id)
        report(entry.record, 'dropped', 'superseded')
      }
    }
  }

  /** A flight that can't be counted on: the API fails, or looks as if it did, or the browser ends it with the page. */
  const doubtful = (entry: Entry) =>
    !entry.keepalive ||
    health.failing() ||
    (entry.since < now() - SUSPECT_AFTER_MS && health.answeredAt() < entry.since)

  /** For a page that is leaving: by the browser if it takes it, else to the next page. */
  const lastWords = (waiting: Entry[]) => {
    const kept: Outgoing[] = []
    for (const entry of waiting) {
      const { record } = entry
      const { url, token } = parts.route(record)
      if (
        entry.flying ||
        entry.stored !== 'no' ||
        health.failing() ||
        !fits(entry) ||
        flyingBytes + lastBytes + entry.bytes > MOST_BYTES
      ) {
        kept.push(record)
        continue
      }
      if (record.method === 'registerUser') transport.send(url, record.body, token, true)
      else if (!transport.beacon(url, record.body)) {
        kept.push(record)
        continue
      }
      lastBytes += entry.bytes
    }
    if (kept.length) parts.spool(kept)
  }

  return {
    send(record) {
      const entry = newEntry(record, 'no')
      if (left) return lastWords([entry])
      supersede(record)
      entries.set(record.id, entry)
      if (now() - health.failedAt() > RETRY_GAP_MS) urgent = true
      saveLater()
      pump()
    },

    async adopt(spool, items) {
      adopting++
      try {
        drop(await outbox.adopt(spool, items))
        backlog = true
      } finally {
        adopting--
        pump()
      }
    },

    wake() {
      urgent = backlog = true
      pump()
    },

    hide() {
      if (left) return
      // The page may never be heard of again: what is under way counts as handed over. It stays in memory, and is stored
      // again if it fails or takes long.
      for (const entry of all()) {
        if (entry.flying && entry.stored !== 'no' && !doubtful(entry)) {
          entry.stored = 'no'
          entry.storeFrom = now() + STORE_AFTER_HIDING_MS
          ended.push(entry.record)
        }
      }
      settle()
      saveLater(STORE_AFTER_HIDING_MS)
      pump()
    },

    leave() {
      if (left) return
      left = true
      clearTimeout(alarm)
      clearTimeout(saving)
      saving = undefined
      const rest: Entry[] = []
      for (const entry of all()) {
        if (entry.flying && !doubtful(entry)) {
          if (entry.stored !== 'no') ended.push(entry.record)
        } else if (entry.stored !== 'yes') rest.push(entry)
      }
      // The first act, before any beacon: Firefox, closing a tab, lets no transaction through after one.
      settle()
      entries.clear()
      lastWords(rest)
      const unsaved = parts.takeUnsaved()
      if (unsaved.length) parts.spool(unsaved)
      outbox.rest()
    },

    comeBack() {
      left = false
      lastBytes = 0
      urgent = backlog = true
      pump()
    },

    waiting: async () => entriesOutside() + (await outbox.count()),

    flush(callback, timeoutMs) {
      const done = (delivered: boolean) => {
        if (!flushes.delete(check)) return
        clearTimeout(timer)
        clearInterval(poll)
        callback(delivered)
      }
      const check = async () => {
        if (entries.size || adopting || ended.length) return
        if (!(await outbox.count()) && !entries.size && !adopting) done(true)
      }
      const timer = setTimeout(done, timeoutMs, false)
      const poll = setInterval(check, 250)
      flushes.add(check)
      urgent = backlog = true
      pump()
    },

    clear() {
      entries.clear()
      ended = []
      clearTimeout(alarm)
    },
  }

  /** Entries that the outbox doesn't count. */
  function entriesOutside() {
    return all().filter(entry => entry.stored !== 'yes').length
  }
}

import * as health from './health.ts'
import { byteLength } from './json.ts'
import { hidden } from './lifecycle.ts'
import { report } from './listeners.ts'
import { type Dropped, LOOK_AGAIN_MS, type Outbox } from './outbox.ts'
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

/** So much longer than for room is waited for what other pages hold. */
const PATIENCE = 5

interface Entry extends Flight {
  readonly record: Outgoing
  readonly bytes: number
  /** Under way. */
  flying?: boolean
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
  /** At good moments: has the sender `adopt` what other pages have left. */
  gather(): void
  /** Called for each answer that ends a request. */
  ended(record: Outgoing, outcome: Outcome): void
}

export interface Sender {
  /** Takes calls over: from here on they are the sender's to deliver or report. */
  take(records: Outgoing[]): void
  /** Takes over what another page, or the stub, left in a spool, whose items have led to `records`. */
  adopt(spool: Spool, records: (Outgoing | undefined)[]): Promise<boolean>
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
  /** Ids of what has ended, but is perhaps still in the outbox; and those of them that are to be taken out. */
  let unsettled: string[] = []
  let ended: string[] = []
  /** Have failed, and go back into the outbox. */
  let failed: Entry[] = []
  let settling = false
  let flying = 0
  let flyingBytes = 0
  let left = true
  /** Whether the outbox may hold something that this page could send. */
  let backlog = true
  /** Entries on their way to the outbox, under the name of a spool: a page that leaves meanwhile writes that spool. */
  let batch: { spool: string; list: Entry[] } | undefined
  /** Whether a request has been unanswered for so long that it is to be stored. */
  let late = false
  let draining = false
  /** Claims, adoptions and settlements under way. */
  let busy = 0
  /** A good moment: the next claim may try an API that is away before its time. */
  let urgent = true
  let alarm: ReturnType<typeof setTimeout> | undefined

  const select = (condition: (entry: Entry) => unknown) => [...entries.values()].filter(condition)
  const isWaiting = (entry: Entry) => !entry.flying && !entry.stored
  const isRegistration = ({ record }: Entry) => record.method === 'registerUser'
  const registering = () => select(({ flying }) => flying).some(isRegistration)
  const isHere = (entry: Entry) => entries.get(entry.record.id) === entry
  const forget = (entry: Entry) => {
    // A record that has been stored may be back already, under way in a new entry.
    if (isHere(entry)) entries.delete(entry.record.id)
  }
  const recordsOf = (list: Entry[]) => list.map(({ record }) => record)
  const drop = (dropped: Dropped[]) => {
    for (const [record, reason] of dropped) report(record, 'dropped', reason)
  }

  const enter = (record: Outgoing, stored?: boolean) => {
    const entry: Entry = { record, bytes: byteLength(record.body), since: now(), stored }
    entries.set(record.id, entry)
    return entry
  }

  /** Forgets an entry that is nobody's to send any more. */
  const end = (entry: Entry) => {
    const { id } = entry.record
    forget(entry)
    if (!entry.stored) return
    ended.push(id)
    unsettled.push(id)
  }

  /** Forgets all that there is in memory. */
  const empty = () => {
    left = true
    entries = new Map()
    failed = []
    batch = undefined
    flying = flyingBytes = 0
  }

  /** Keeps something for the next page, synchronously. */
  const keep = (name: string, items: unknown[]) => {
    if (items.some(Boolean)) writeSpool(name, application, items)
  }

  const fits = (entry: Entry) =>
    flying < MOST_FLYING &&
    flyingBytes + entry.bytes <= MOST_BYTES &&
    !(isRegistration(entry) && registering())

  const fly = async (entry: Entry) => {
    const { record, fragile } = entry
    if (!isHere(entry)) return
    if (isRegistration(entry) && record.time < parts.newestAt()) {
      // Of several registrations only the newest is sent (SPEC 3).
      end(entry)
      report(record, 'dropped', 'superseded')
      setTimeout(pump)
      return
    }
    const bytes = fragile ? 0 : entry.bytes
    entry.flying = true
    entry.since = now()
    flying++
    flyingBytes += bytes
    const outcome = await post(
      parts.url(record),
      record.body,
      isRegistration(entry) ? parts.token : undefined,
      entry,
    )
    // It has been handed over, or thrown away: how it ended is nobody's any more. And Chromium tells a page that closes
    // itself that its requests failed, while it delivers them.
    if (!isHere(entry) || (outcome.cut && window.closed)) return
    flying--
    flyingBytes -= bytes
    if (outcome.cut && !fragile) {
      // The page may have eaten up the quota, which looks like any network error.
      entry.fragile = true
      setTimeout(fly, FRAGILE_AFTER_MS, entry)
      return
    }
    entry.flying = false
    land(entry, outcome)
  }

  const land = (entry: Entry, outcome: Outcome) => {
    const { record, stored } = entry
    const { type } = outcome
    record.attempts++
    if (judgeDoubts(type === 'retry' ? entry.since : undefined)) parts.gather()
    if (type === 'retry') {
      health.failed(entry.since, outcome.afterMs)
      if (stored) failed.push(entry)
    } else {
      health.answered()
      end(entry)
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

  const adopt = async (spool: Spool, records: (Outgoing | undefined)[]) => {
    busy++
    drop(await outbox.add(spool.name, records))
    busy--
    giveUp([])
    return removeSpool(spool)
  }

  /** Stores all that memory alone has, one batch at a time; what is not under way is then anybody's. */
  const store = async () => {
    const unsaved = () => select(({ stored }) => !stored)
    if (!unsaved().length) return
    await outbox.prepare()
    const list = unsaved()
    if (batch || left || !list.length) return
    const mine = { spool: spoolName(), list }
    batch = mine
    late = false
    for (const entry of list) entry.stored = true
    const idle = list.filter(entry => !entry.flying)
    drop(await outbox.add(mine.spool, recordsOf(list), recordsOf(idle)))
    if (batch !== mine) return
    batch = undefined
    giveUp(idle)
  }

  /** Takes what has ended out of the outbox, gives back what has failed; and where nothing is left to do, says so. */
  const settle = async () => {
    const ids = ended
    const back = failed
    if (ids.length || back.length) {
      ended = []
      failed = []
      settling = true
      busy++
      // Where the outbox can't forget them, others must not send them.
      if (!(await outbox.settle(ids, recordsOf(back)))) keep(spoolName(DONE), ids)
      unsettled = unsettled.filter(id => !ids.includes(id))
      busy--
      settling = false
      giveUp(back)
      return
    }
    const isIdle = () => !entries.size && !busy && !ended.length
    if (!isIdle()) return
    outbox.rest()
    if (!flushes.length) return
    const waiting = await outbox.total()
    if (!isIdle()) return
    if (!waiting) {
      for (const callback of flushes) callback(true)
      flushes = []
    } else if (!health.isFailing()) setAlarm(LOOK_AGAIN_MS)
  }

  const save = (entry: Entry) => {
    if (entry.stored || !isHere(entry)) return
    late = true
    pump()
  }

  const setAlarm = (delayMs: number) => {
    clearTimeout(alarm)
    alarm = setTimeout(() => giveUp([]), delayMs)
  }

  const wake = () => {
    parts.gather()
    urgent = true
    giveUp([])
  }

  /** Sends what may be sent now, and claims from the outbox as much as there is room for. */
  const pump = async () => {
    if (left) return
    const failing = health.isFailing()
    const waiting = select(isWaiting)
    if (!failing) for (const entry of waiting) if (fits(entry)) fly(entry)
    if (failing || late) store()
    // One after the other, with all that has ended meanwhile.
    if (!settling) settle()

    const room = (failing ? 1 : WINDOW) - flying
    if (draining || !backlog || room < 1 || (!failing && select(isWaiting).length)) return
    const nextTry = health.nextTry(urgent)
    if (nextTry > now()) return setAlarm(nextTry - now())
    draining = true
    backlog = false
    busy++
    const life = entries
    const { records, dropped, others, againMs } = await outbox.claim({
      room,
      bytes: MOST_BYTES - flyingBytes,
      registration: () => !registering(),
      newestAt: parts.newestAt,
    })
    draining = false
    busy--
    drop(dropped)
    // What was claimed in another life is free by now: the lock has been given up.
    if (life !== entries) return pump()
    urgent = false
    if (records.length) backlog = true
    // What others hold is theirs to send: who waits for it, asks more often.
    if (againMs !== undefined && !backlog) {
      setAlarm(others.length && !flushes.length ? PATIENCE * againMs : againMs)
    }
    for (const record of records) fly(enter(record, true))
    pump()
  }

  /** A flight that can't be counted on: the API fails, or looks as if it did, or the browser ends it with the page. */
  const isDoubtful = (entry: Entry) =>
    entry.fragile ||
    health.isFailing() ||
    (health.answeredAt < entry.since && now() - entry.since > SUSPECT_AFTER_MS)

  /** Hands a request to the browser for a page that is leaving; false if that can't be. */
  const handOver = (entry: Entry) => {
    const { record, bytes, flying, stored } = entry
    if (flying || stored || health.isFailing() || !fits(entry)) return false
    // A beacon can't carry a token.
    if (isRegistration(entry) && parts.token) {
      fly(entry)
      if (entry.fragile) return false
    } else if (!beacon(parts.url(record), record.body)) return false
    flyingBytes += bytes
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
    const doubtful = recordsOf(handed).map(record => ({
      ...record,
      id: `${record.id}?`,
      owner: undefined,
    }))
    keep(spoolName(DOUBT), doubtful)
    keep(spoolName(), recordsOf(others).concat(outbox.takeMemory()))
  }

  return {
    take(records) {
      const list = records.map(record => enter(record))
      if (left) part(list, [])
      for (const entry of list) {
        // Timers of hidden pages are late by up to a minute, and such a page may be gone by then.
        setTimeout(save, hidden() ? 0 : STORE_AFTER_MS, entry)
      }
      pump()
    },

    adopt,
    wake,

    leave(rest) {
      clearTimeout(alarm)
      // Of what was under way in the outbox nothing is heard any more.
      busy = 0
      draining = settling = false
      const handed = select(entry => entry.flying && !isDoubtful(entry))
      handed.forEach(end)
      ended = unsettled
      // The first act, before anything else is touched: Firefox, closing a tab, lets no transaction through after that, nor
      // one behind another. So that what has ended is written down as well.
      settle()
      keep(spoolName(DONE), unsettled)
      if (batch)
        keep(
          batch.spool,
          batch.list.map(entry => isHere(entry) && entry.record),
        )
      for (const record of rest()) enter(record)
      part(
        select(entry => !entry.stored),
        handed,
      )
      empty()
      outbox.rest()
    },

    comeBack() {
      left = false
      wake()
    },

    waiting: async () => select(({ stored }) => !stored).length + (await outbox.total()),

    drain(callback) {
      flushes.push(callback)
      wake()
    },

    clear() {
      empty()
      outbox.takeMemory()
      ended = unsettled = []
    },
  }
}

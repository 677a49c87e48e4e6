import { type Entry, isUnsaved, newEntry } from './entry.ts'
import * as health from './health.ts'
import { hidden, isFleeting, isLeaving } from './lifecycle.ts'
import { report } from './listeners.ts'
import { debug } from './log.ts'
import { type Batch, OLDEST_MS, type Outbox } from './outbox.ts'
import { isRegistration, MOST_BYTES, type Outgoing } from './request.ts'
import {
  DONE,
  DOUBT,
  judgeDoubts,
  PATIENCE,
  removeSpool,
  type Spool,
  spoolName,
  writeSpool,
} from './spool.ts'
import { beacon, type Outcome, post } from './transport.ts'

/**
 * Requests of the outbox under way at one time, of all pages': as many as a browser has connections to a host (HTTP/1.1). More
 * would wait in the browser, for a page that leaves counted as taken, and be lost with it: WebKitGTK lets pages leave when its
 * main process is killed (with 10, some of 80 were lost in 6 of 16 such kills; with 6 a page and three pages, in 3 of 24).
 */
const WINDOW = 6

/** Live requests under way at one time. Beyond, browsers queue or refuse (Firefox: 250 for an origin). */
const MOST_FLYING = 60

/**
 * So long after its refusal a request goes without `keepalive`: if the page is being left it is gone by then, and the request
 * is in one place only.
 */
const FRAGILE_AFTER_MS = 500

/** A request unanswered for so long, with none answered meanwhile, makes the API suspect: no delivery is counted on. */
const SUSPECT_AFTER_MS = 2_000

/** A request unanswered for so long is stored. Most are answered before, and never touch IndexedDB. */
const STORE_AFTER_MS = 1_000

/**
 * A new page tries at once an API that has been away for no longer. Longer, and all who open a page would come as soon as it is
 * back, beside those whose time has come.
 */
const SHORT_OUTAGE_MS = 60_000

/**
 * So long after the newest registration that was called before this page, none is sent: that may still be on its way, and is
 * not to be overtaken (SPEC 3). No longer than `STORE_AFTER_MS`, so that what is put off goes as soon as it is stored.
 */
const SETTLE_MS = 1_000

/** How soon to look again for records that another page is sending, or that there was no room for. */
const LOOK_AGAIN_MS = 2_000

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
  /** Ends what is under way in the database: see there. */
  cut(): void
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
  unfinished(): Promise<number>
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
  /** A new one for each life of the page: a first, and one more for each time that it is left. */
  let entries = new Map<string, Entry>()
  let flushes: ((delivered: boolean) => void)[] = []
  /** Ids of what has ended, but is perhaps still in the outbox. */
  let ended: string[] = []
  /** Have failed, and go back into the outbox. */
  let failed: Entry[] = []
  let flying = new Set<Entry>()
  /** Before there is a page that sends, and after. */
  let left = true
  /** When the newest registration was called before this life of the page (ms since 1970). */
  let before: number
  /** Whether the outbox may hold something that this page could send. */
  let backlog = true
  /** Whether a request has been unanswered for so long that it is to be stored. */
  let late: boolean | undefined
  /**
   * Not 0 at a good moment to look what other pages have left, and to try an API that has been away for less than so many ms
   * before its time. One more is enough to have a look.
   */
  let urgent = 0
  let exchanging: boolean | undefined
  /** On their way to the outbox: a page that leaves meanwhile writes that spool. */
  let batch: { name: string; items: Entry[]; flying: Entry[] } | undefined
  let alarm: ReturnType<typeof setTimeout> | undefined

  const select = (condition: (entry: Entry) => unknown) => [...entries.values()].filter(condition)
  const isFlying = (entry: Entry) => flying.has(entry)
  const isWaiting = (entry: Entry) => !isFlying(entry) && isUnsaved(entry)
  /** For how long the first of these, which has been under way longest, has had no answer, nor another one (ms). */
  const silence = ([oldest]: Iterable<Entry>) =>
    oldest ? Date.now() - Math.max(health.heardAt, oldest.since as number) : 0
  /**
   * Whether it can't be counted on, by a page that leaves: the API fails, or looks as if it did, or the browser ends it with the
   * page.
   */
  const isDoubtful = (entry: Entry) =>
    !health.heardAt || entry.fragile || health.isFailing() || silence(flying) > SUSPECT_AFTER_MS
  const registering = () => [...flying].some(isRegistration) || Date.now() - before < SETTLE_MS
  const flyingBytes = () =>
    [...flying].reduce((sum, entry) => (entry.fragile ? sum : sum + entry.bytes), 0)
  const isHere = (entry: Entry) => entries.get(entry.id) === entry
  const forget = (entry: Entry) => {
    // A record that has been stored may be back already, under way in a new entry.
    if (isHere(entry)) entries.delete(entry.id)
  }

  const enter = (record: Outgoing, stored?: boolean) => {
    const entry = newEntry(record, stored)
    entries.set(entry.id, entry)
    debug('waiting', entry)
    return entry
  }

  /** Forgets an entry that is nobody's to send any more. */
  const end = (entry: Entry) => {
    forget(entry)
    if (entry.stored) ended.push(entry.id)
  }

  /** Forgets all that there is in memory, but for what is under way: whether that is answered tells of what is still called. */
  const empty = () => {
    clearTimeout(alarm)
    left = true
    exchanging = false
    batch = undefined
    entries = new Map()
    failed = []
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
    // It may be tried again.
    flying.delete(entry)
    if (!isHere(entry)) return
    if (isRegistration(entry) && entry.time < parts.newestAt()) {
      // Of several registrations only the newest is sent (SPEC 3).
      end(entry)
      report(entry, 'dropped', 'superseded')
      setTimeout(pump)
      return
    }
    flying.add(entry)
    entry.since = Date.now()
    debug('in flight', entry)
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
      // Chromium says so as it reloads the page, after the first listener of `pagehide`, while it delivers the request.
      if (!isLeaving()) {
        // The page may have eaten up the quota, which looks like any network error.
        entry.fragile = true
        health.cut()
        judgeDoubts(0, entry.since)
        urgent++
      }
      setTimeout(fly, FRAGILE_AFTER_MS, entry)
      return
    }
    flying.delete(entry)
    land(entry, outcome)
  }

  const land = (entry: Entry, outcome: Outcome) => {
    const { type } = outcome
    entry.attempts++
    if (type === 'retry') {
      judgeDoubts(0, entry.since)
      urgent++
      health.failed(entry.since as number, outcome.notBefore)
      debug('waiting', entry)
      if (entry.stored) failed.push(entry)
    } else {
      if (judgeDoubts(PATIENCE * (Date.now() - (entry.since as number)))) urgent++
      health.answered()
      end(entry)
      parts.ended(entry, outcome)
      report(entry, type, type === 'refused' ? outcome.reason : undefined, outcome.status)
    }
    pump()
  }

  const look = (early?: number) => {
    urgent = early || urgent
    backlog = true
    pump()
  }

  const setAlarm = (delayMs: number) => {
    clearTimeout(alarm)
    alarm = setTimeout(look, delayMs)
  }

  const wake = () => look(OLDEST_MS)

  /** Sends what may be sent now, and does with the outbox, in one exchange at a time, all that there is to do. */
  const pump = async () => {
    if (left) return
    const failing = health.isFailing()
    if (!failing) {
      select(isWaiting).forEach(entry => {
        if (fits(entry)) fly(entry)
      })
    }
    if (exchanging) return

    // What is under way counts as taken where the page may go without a word.
    const fleeting = !failing && isFleeting()
    const unsaved = () => (failing || late ? select(fleeting ? isWaiting : isUnsaved) : [])
    // Read once: between two readings the time may come, and then nothing would be done, now or later.
    const wait = health.nextTry(urgent) - Date.now()
    const room =
      backlog && wait <= 0 && (failing || !select(isWaiting).length)
        ? (failing ? 1 : WINDOW) - flying.size
        : 0
    if (!urgent && room < 1 && !ended.length && !failed.length && !unsaved().length) {
      if (wait > 0) setAlarm(wait)
      else if (late) setAlarm(STORE_AFTER_MS)
      return finish()
    }

    exchanging = true
    const life = entries
    // Before anything else is called: who calls then is what was registered there.
    const spools = urgent ? parts.gather() : []
    urgent = 0
    await outbox.prepare()
    if (life !== entries) return
    const done = ended.slice()
    const back = failed
    const list = unsaved()
    const batches: Batch[] = [...spools]
    failed = []
    // What is late is stored when the page has loaded.
    late = fleeting
    if (list.length) {
      batch = { name: spoolName(), items: list, flying: list.filter(isFlying) }
      list.forEach(entry => {
        entry.stored = true
      })
      batches.push(batch)
    }
    const idle = list.filter(entry => !isFlying(entry)).concat(back)
    const { records, dropped, isMore } = await outbox.exchange(
      done,
      back,
      batches,
      room > 0
        ? {
            room,
            bytes: MOST_BYTES - flyingBytes(),
            registration: !registering(),
          }
        : undefined,
    )
    // What was claimed in another life is free by now: the lock has been given up.
    if (life !== entries) return
    exchanging = false
    batch = undefined
    ended = ended.slice(done.length)
    idle.forEach(forget)
    dropped.forEach(record => {
      report(record, 'dropped', 'too old')
    })
    spools.forEach(spool => {
      if (!removeSpool(spool)) urgent = 1
    })
    if (room > 0) backlog = false
    if ((records as unknown[]).concat(dropped, idle, spools).length) backlog = true
    else if (isMore) setAlarm(LOOK_AGAIN_MS)
    records.forEach(record => {
      if (fleeting) {
        ended.push(record.id)
        keep(spoolName(DONE), ended)
        // Under another id: that of a record which the outbox had, is on its way out of it.
        record.id += '?'
      }
      fly(enter(record, !fleeting))
    })
    pump()
  }

  /** Where nothing is left to do, says so. */
  const finish = async () => {
    if (entries.size) return
    outbox.rest()
    if (!flushes.length || (await outbox.total()) || entries.size || left) return
    flushes.forEach(callback => {
      callback(true)
    })
    flushes = []
  }

  /** Hands a request to the browser for a page that is leaving; falsy if that can't be. */
  const handOver = (entry: Entry) =>
    !isFlying(entry) &&
    !isDoubtful(entry) &&
    fits(entry) &&
    // A beacon can't carry a token.
    !(isRegistration(entry) && parts.token) &&
    beacon(parts.url(entry), entry.body) &&
    flying.add(entry)

  /**
   * The page has left, or is leaving: hands over to the browser what it takes, and keeps the rest for the next page. What has
   * been handed over, as the `handed` were before, is kept as well, in doubt, since nobody hears how it ends.
   */
  const part = (list: Entry[], handed: Entry[]) => {
    const waited = silence(handed) + Math.random()
    const others = list.filter(entry => !handOver(entry) || !handed.push(entry))
    list.forEach(forget)
    keep(
      DOUBT + (Date.now() * 2 - health.heardAt) + waited,
      // Under another id, as above.
      handed.map(entry => ({ ...entry, id: `${entry.id}?` })),
    )
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
      keep(spoolName(DONE), ended)
      if (batch)
        keep(
          batch.name,
          batch.items.map(entry => isHere(entry) && entry),
        )
      rest().forEach(record => {
        enter(record)
      })
      part(select(isUnsaved), handed)
      empty()
      // Last of all: should Firefox end the script here after all (see `onLeave`), what counts has been done.
      parts.cut()
      if (ended.length) outbox.exchange(ended)
      outbox.rest()
    },

    comeBack() {
      // A page may come back from the cache with a script that has only just run.
      if (left) {
        empty()
        flying = new Set()
      }
      left = false
      before = parts.newestAt()
      look(SHORT_OUTAGE_MS)
    },

    unfinished: async () => select(isUnsaved).length + (await outbox.total()),

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

import type { Call } from './calls.ts'
import { readCall } from './calls.ts'
import type { Config } from './config.ts'
import { createDatabase } from './database.ts'
import type { Known } from './identity.ts'
import { createIdentity } from './identity.ts'
import { byteLength } from './json.ts'
import { hidden, onLeave, onReturn, onTurn, soon, whenActivated } from './lifecycle.ts'
import { refuse } from './listeners.ts'
import { localKeys, PREFIX, removeLocal } from './local.ts'
import { createLock } from './lock.ts'
import { createOutbox } from './outbox.ts'
import { isRegistration, MOST_BYTES, type Outgoing, requestBody } from './request.ts'
import { createSender } from './sender.ts'
import { readSpools } from './spool.ts'
import { createMemoryTable } from './table.ts'
import { createIdbTable } from './table-idb.ts'
import type { Consent, State } from './types.ts'

/** All that `init` starts: one visitor, on one page, of one application. */
export interface Visit {
  take(call: Call): void
  setConsent(choice: Consent): void
  /** Calls back with false at once where nothing may be sent, else with true when all has been delivered. */
  drain(callback: (delivered: boolean) => void): void
  /** At once, unless the identity is just being read. */
  answer(callback: (state: Omit<State, 'version'>) => void): void
}

/** So many calls are turned into requests, and sent, in one go. */
const SLICE = 20

/** How often to look whether the identity is there. */
const LOOK_MS = 20

/** Parts of a millisecond, which put its calls in order: a number that is a date knows no smaller ones. */
const PARTS = 4_096

/** An address that an answer may name for later calls (SPEC 3). */
const trusted = /^https:\/\/([\w-]+\.)*pushwoosh\.com(\/|$)/

export const createVisit = (config: Config): Visit => {
  const { application } = config
  let { endpoint } = config
  let active: boolean | undefined
  /** Between `pagehide` and a return from the back/forward cache: nothing can be put off. */
  let away = false
  /** `false` while the identity is loading. */
  let ready: boolean | undefined
  /** Places of this page's calls: after those of its stub, which has left each its place in the spool, whoever reads it. */
  let count = 1_000
  let consent: Consent = 'pending'
  let held: Call[] = []
  /** Body of the newest registration called on this page, until the API has refused it. */
  let asked: string | false | undefined

  const database = createDatabase(() => consent === 'granted')

  const withdraw = () => {
    consent = 'denied'
    held = []
    asked = ready = undefined
    database.cut()
    sender.clear()
    identity.erase()
    database.erase()
    localKeys(PREFIX).forEach(removeLocal)
  }

  const identity = createIdentity(database, withdraw)

  const toRecord = (call: Call): Outgoing | undefined => {
    const { kind, time, fields } = call
    const { hwid, userId, taken } = identity.known() as Known
    const isEvent = kind === 'event'
    if (kind === 'reset' && userId === undefined) return undefined
    const next = isEvent ? userId : call.userId
    const body = requestBody({ ...config, hwid, userId: next }, fields())
    // A registration that is older, from a spool, is the sender's to drop.
    if (!isEvent && time >= identity.newestAt()) {
      if (next === userId && body === (asked || taken)) return undefined
      identity.learn({ userId: next, time, taken: undefined })
      asked = body
    }
    const record: Outgoing = {
      id: `${application}|${+isEvent}|${time}-${Math.random()}`,
      method: isEvent ? 'postEvent' : 'registerUser',
      body,
      time,
      attempts: 0,
    }
    if (byteLength(body) <= MOST_BYTES) return record
    refuse(kind, 'too many bytes', record)
    return undefined
  }

  const gather = () =>
    readSpools(application, (item, place) => {
      if (!Array.isArray(item)) return item as Outgoing
      const call = readCall(item.slice(1), item[0] + place / PARTS)
      return call && toRecord(call)
    })

  const sender = createSender({
    application,
    outbox: createOutbox(createIdbTable(database, application), createMemoryTable(), createLock()),
    url: ({ method }) => `${endpoint}/${method}`,
    token: config.token,
    newestAt: identity.newestAt,
    gather,
    cut: database.cut,
    ended(record, { type, baseUrl }) {
      if (trusted.test(baseUrl as string)) endpoint = `${baseUrl}`.replace(/\/+$/, '')
      if (!isRegistration(record) || !identity.known()) return
      if (type === 'delivered') identity.learn({ taken: record.body })
      else asked = undefined
    },
  })

  /**
   * The one gate: calls wait here until consent is `granted`, the page has been activated and the identity is there; when
   * consent is `denied`, they are thrown away (SPEC 6).
   */
  const pass = (most?: number) =>
    ready && consent === 'granted'
      ? (held
          .splice(0, most || held.length)
          .map(toRecord)
          .filter(Boolean) as Outgoing[])
      : []

  const open = (most?: number) => {
    // Chromium lets nothing out of a page that has closed itself, later than the microtasks of the script that did it.
    if (window.closed) identity.hurry()
    sender.take(pass(most))
  }

  /** Some at a time: the page has things to do as well. */
  const openSome = () => {
    open(hidden() ? 0 : SLICE)
    if (ready && held[0]) setTimeout(openSome)
  }

  const start = () => {
    if (!active || ready !== undefined || consent !== 'granted') return
    ready = false
    identity.load(config.hwid, () => {
      ready = true
      if (!away) {
        sender.comeBack()
        open()
      }
    })
  }

  const visit: Visit = {
    take(call) {
      if (consent === 'denied') return
      call.time += ++count / PARTS
      const isFirst = held.push(call) === 1
      // Registrations are rare, and have further to go.
      if (away || call.kind !== 'event') open()
      else if (isFirst) soon(openSome)
    },

    setConsent(choice) {
      if (choice === 'denied') withdraw()
      else consent = choice
      start()
      open()
    },

    drain(callback) {
      open()
      if (consent === 'granted') sender.drain(callback)
      else callback(false)
    },

    async answer(callback) {
      // Within a second there is an identity, or none for now.
      if (ready === false) {
        setTimeout(visit.answer, LOOK_MS, callback)
        return
      }
      const { hwid = null, userId = null } = identity.known() || {}
      callback({
        hwid,
        userId,
        application,
        consent,
        waiting: held.length + (ready ? await sender.unfinished() : 0),
      })
    },
  }

  onLeave(() => {
    if (active && consent === 'granted') {
      away = true
      identity.hurry()
      sender.leave(pass)
    }
  })
  onReturn(() => {
    // What was asked as it left may not have been taken over: the spool tells it again.
    asked = away = false
    if (ready) sender.comeBack()
  })
  // Firefox, closing a tab, lets no request through that begins later.
  onTurn(open, sender.wake)
  whenActivated(() => {
    active = true
    start()
  })
  visit.setConsent(config.consent)
  return visit
}

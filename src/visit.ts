import type { Call } from './calls.ts'
import { readCall } from './calls.ts'
import type { Config } from './config.ts'
import { createDatabase } from './database.ts'
import { createHealth } from './health.ts'
import { newId } from './id.ts'
import type { Known } from './identity.ts'
import { createIdentity } from './identity.ts'
import { byteLength } from './json.ts'
import { hidden, onLeave, onReturn, onWake, whenActivated } from './lifecycle.ts'
import { report } from './listeners.ts'
import { localKeys, PREFIX, removeLocal } from './local.ts'
import { createLock } from './lock.ts'
import { debug, warn } from './log.ts'
import { createOutbox } from './outbox.ts'
import type { Outgoing } from './request.ts'
import { eventBody, MOST_BYTES, registerBody } from './request.ts'
import { createSender } from './sender.ts'
import { isSpool, readSpools, removeSpool, writeSpool } from './spool.ts'
import { createMemoryTable } from './table.ts'
import { createIdbTable } from './table-idb.ts'
import { createTransport } from './transport.ts'
import type { Consent, State } from './types.ts'

/** A spool may belong to a page that is only slow, and takes it in itself before this. */
const OTHERS_SPOOL_MS = 1_000

/** All that `init` starts: one visitor, on one page, of one application. */
export interface Visit {
  call(call: Call): void
  setConsent(choice: Consent): void
  /** Calls back with false at once where nothing may be sent, else with true when all has been delivered. */
  flush(callback: (delivered: boolean) => void): void
  get(callback: (state: Omit<State, 'version'>) => void): void
}

/** An address that an answer may name for later calls (SPEC 3). */
const trusted = /^https:\/\/([\w-]+\.)*pushwoosh\.com(\/|$)/

export const createVisit = (config: Config): Visit => {
  const { application } = config
  const now = Date.now
  let { endpoint } = config
  let active = false
  let loading = false
  let ready = false
  let count = 0
  let consent: Consent = 'pending'
  let held: Call[] = []
  /** Body of the newest registration called on this page, until the API has refused it. */
  let asked: string | undefined
  let whenReady: (() => void)[] = []

  const database = createDatabase()
  const memory = createMemoryTable()
  const health = createHealth(now, Math.random, () => ready && sender.wake())

  const sender = createSender({
    outbox: createOutbox(createIdbTable(database, application, now), memory, createLock(), now),
    transport: createTransport(),
    health,
    now,
    hidden,
    url: ({ method }) => `${endpoint}/${method}`,
    token: config.token,
    takenAt: () => (identity.known() || { takenAt: 0 }).takenAt || 0,
    spool(records) {
      const all = records.concat(memory.takeAll())
      if (all.length) writeSpool(application, all, now())
    },
    report: report,
    ended({ method, body, time }, { type, baseUrl }) {
      if (trusted.test(`${baseUrl}`)) endpoint = `${baseUrl}`.replace(/\/+$/, '')
      if (method !== 'registerUser' || !identity.known()) return
      if (type === 'delivered') identity.set({ taken: body, takenAt: time })
      else asked = undefined
    },
  })

  const newRecord = (method: Outgoing['method'], body: string, time: number): Outgoing => ({
    id: `${application}|${method === 'postEvent' ? 1 : 0}|${time}.${1e5 + count++}.${newId()}`,
    application,
    method,
    body,
    time,
    attempts: 0,
  })

  const registration = (userId: string | undefined, { time, offset }: Call) => {
    const known = identity.known() as Known
    const body = registerBody({ ...config, hwid: known.hwid, userId }, offset)
    const again = body === (asked || known.taken)
    if (!again || known.userId !== userId) {
      identity.set({ userId, ...(!again && { taken: undefined }) })
    }
    if (again) return undefined
    asked = body
    return newRecord('registerUser', body, time)
  }

  const toRecord = (call: Call): Outgoing | undefined => {
    const { hwid, userId } = identity.known() as Known
    if (call.kind === 'register') return registration(call.userId, call)
    if (call.kind === 'reset') {
      return userId === undefined ? undefined : registration(undefined, call)
    }
    const { name, attributes, time, offset } = call
    const body = eventBody({ ...config, hwid, userId }, name, attributes, time, offset)
    const record = newRecord('postEvent', body, time)
    const bytes = byteLength(body)
    if (bytes <= MOST_BYTES) return record
    const reason = `the request has ${bytes} bytes, more than ${MOST_BYTES}`
    warn('event', reason, 'the event was refused', name)
    report(record, 'refused', reason)
    return undefined
  }

  const adoptSpools = () => {
    if (!ready) return
    for (const { name, items } of readSpools(application)) {
      const records = items.map(item => {
        if (!Array.isArray(item)) return item as Outgoing
        const call = readCall(item.slice(1), item[0])
        return call && call.kind !== 'refused' ? toRecord(call) : undefined
      })
      sender.adopt(name, records).then(() => removeSpool(name))
    }
  }

  /**
   * The one gate: calls wait here until consent is `granted`, the page has been activated and the identity is there; when
   * consent is `denied`, they are thrown away (SPEC 6).
   */
  const open = () => {
    if (ready && consent === 'granted') {
      for (const call of held.splice(0)) {
        const record = toRecord(call)
        if (record) sender.send(record)
      }
    }
  }

  const withdraw = () => {
    consent = 'denied'
    held = []
    ready = loading = false
    asked = undefined
    sender.clear()
    memory.takeAll()
    identity.erase()
  }

  const identity = createIdentity(database, withdraw)

  const start = () => {
    if (!active || loading || consent !== 'granted') return
    loading = true
    identity.load(config.hwid, () => {
      ready = true
      adoptSpools()
      open()
      sender.wake()
      for (const act of whenReady) act()
      whenReady = []
    })
  }

  const visit: Visit = {
    call(call) {
      if (consent === 'denied') debug('thrown away: consent is denied', call)
      else held.push(call)
      open()
    },

    setConsent(choice) {
      if (choice === 'denied') {
        withdraw()
        database.erase()
        localKeys(PREFIX).forEach(removeLocal)
      } else consent = choice
      start()
      open()
    },

    flush(callback) {
      if (consent !== 'granted') callback(false)
      else if (ready) sender.flush(callback)
      else whenReady.push(() => sender.flush(callback))
    },

    get(callback) {
      const answer = async () => {
        const known = identity.known()
        callback({
          hwid: known ? known.hwid : null,
          userId: known && known.userId !== undefined ? known.userId : null,
          application,
          consent,
          waiting: held.length + (ready ? await sender.waiting() : 0),
        })
      }
      if (ready || !active || consent !== 'granted') answer()
      else whenReady.push(answer)
    },
  }

  onLeave(() => {
    if (active && consent === 'granted') {
      if (!ready) identity.hurry()
      sender.leave()
    }
  })
  onReturn(() => {
    if (!ready) return
    sender.comeBack()
    adoptSpools()
  })
  onWake(() => ready && sender.wake())
  addEventListener('storage', event => {
    if (isSpool(event)) setTimeout(adoptSpools, OTHERS_SPOOL_MS)
  })
  whenActivated(() => {
    active = true
    start()
  })
  visit.setConsent(config.consent)
  return visit
}

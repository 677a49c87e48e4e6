import type { Call } from './calls.ts'
import { readCall } from './calls.ts'
import type { Config } from './config.ts'
import { createGate } from './consent.ts'
import { createDatabase } from './database.ts'
import { createHealth } from './health.ts'
import { newId } from './id.ts'
import type { Known } from './identity.ts'
import { createIdentity } from './identity.ts'
import { byteLength } from './json.ts'
import type { Lifecycle } from './lifecycle.ts'
import { hidden } from './lifecycle.ts'
import type { Listeners } from './listeners.ts'
import { localKeys, PREFIX, removeLocal } from './local.ts'
import { createLock } from './lock.ts'
import type { Log } from './log.ts'
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
  consent(choice: Consent): void
  /** Calls back with whether all has been delivered, unless it takes too long. */
  flush(callback: (delivered: boolean) => void, timeoutMs: number): void
  get(callback: (state: Omit<State, 'version'>) => void): void
}

/** The address that an answer names for later calls, where the vendor may name one (SPEC 3). */
export const trustedBaseUrl = (baseUrl: unknown): string | undefined => {
  try {
    const { protocol, hostname, href } = new URL(baseUrl as string)
    return protocol === 'https:' && /(^|\.)pushwoosh\.com$/.test(hostname)
      ? href.replace(/\/+$/, '')
      : undefined
  } catch {
    return undefined
  }
}

export const createVisit = (
  config: Config,
  log: Log,
  listeners: Listeners,
  lifecycle: Lifecycle,
): Visit => {
  const { application } = config
  const now = Date.now
  let { endpoint } = config
  let active = false
  let loading = false
  let ready = false
  let count = 0
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
    random: Math.random,
    hidden,
    url: ({ method }) => `${endpoint}/${method}`,
    token: config.token,
    takenAt: () => (identity.known() || { takenAt: 0 }).takenAt || 0,
    spool(records) {
      const all = records.concat(memory.takeAll())
      if (all.length) writeSpool(application, all, now())
    },
    report: listeners.report,
    ended({ method, body, time }, { type, baseUrl }) {
      endpoint = trustedBaseUrl(baseUrl) || endpoint
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
    log.warn('event', reason, 'the event was refused', name)
    listeners.report(record, 'refused', reason)
    return undefined
  }

  const adoptSpools = () => {
    if (!ready) return
    for (const { name, items } of readSpools(application)) {
      const records = items.map(item => {
        if (!Array.isArray(item)) return item as Outgoing
        const call = readCall(item.slice(1), item[0], log)
        return call && call.kind !== 'refused' ? toRecord(call) : undefined
      })
      sender.adopt(name, records).then(() => removeSpool(name))
    }
  }

  const gate = createGate<Call>(
    () => ready,
    calls => {
      for (const call of calls) {
        const record = toRecord(call)
        if (record) sender.send(record)
      }
    },
    call => log.debug('thrown away: consent is denied', call),
  )

  const withdraw = () => {
    gate.setConsent('denied')
    ready = loading = false
    asked = undefined
    sender.clear()
    memory.takeAll()
    identity.erase()
  }

  const identity = createIdentity(database, withdraw)

  const start = () => {
    if (!active || loading || gate.consent() !== 'granted') return
    loading = true
    identity.load(config.hwid, () => {
      ready = true
      adoptSpools()
      gate.open()
      sender.wake()
      for (const act of whenReady) act()
      whenReady = []
    })
  }

  const visit: Visit = {
    call: gate.pass,

    consent(choice) {
      if (choice === 'denied') {
        withdraw()
        database.erase()
        localKeys(PREFIX).forEach(removeLocal)
      } else gate.setConsent(choice)
      start()
    },

    flush(callback, timeoutMs) {
      if (gate.consent() !== 'granted') callback(false)
      else if (ready) sender.flush(callback, timeoutMs)
      else whenReady.push(() => sender.flush(callback, timeoutMs))
    },

    get(callback) {
      const answer = async () => {
        const known = identity.known()
        callback({
          hwid: known ? known.hwid : null,
          userId: known && known.userId !== undefined ? known.userId : null,
          application,
          consent: gate.consent(),
          waiting: gate.waiting() + (ready ? await sender.waiting() : 0),
        })
      }
      if (ready || !active || gate.consent() !== 'granted') answer()
      else whenReady.push(answer)
    },
  }

  lifecycle.onLeave(() => {
    if (active && gate.consent() === 'granted') {
      if (!ready) identity.hurry()
      sender.leave()
    }
  })
  lifecycle.onReturn(() => {
    if (!ready) return
    sender.comeBack()
    adoptSpools()
  })
  lifecycle.onWake(() => ready && sender.wake())
  addEventListener('storage', event => {
    if (isSpool(event)) setTimeout(adoptSpools, OTHERS_SPOOL_MS)
  })
  lifecycle.whenActivated(() => {
    active = true
    start()
  })
  visit.consent(config.consent)
  return visit
}

import { byteLength } from './json.ts'
import { localKeys, readLocal, removeLocal } from './local.ts'
import type { Lock } from './lock.ts'
import { isRegistration, type Outgoing } from './request.ts'
import { TIMEOUT_MS } from './retry.ts'
import { DONE, readDone, spoolName, writeSpool } from './spool.ts'
import type { MemoryTable, Stored, Table } from './table.ts'

/** The outbox holds at most this many requests; past it the oldest are dropped (SPEC 5). */
export const MOST_RECORDS = 1_000

/** Older requests are dropped (SPEC 5). */
export const OLDEST_MS = 7 * 86_400_000

/** A lease outlives the longest time that a request may be under way: while it runs, the record has one owner. */
export const LEASE_MS = 20_000

/** A record leased longer ago is not under way any more: its page has been frozen, and may keep the lease for days. */
const UNDER_WAY_MS = TIMEOUT_MS

/** How many of the oldest records a claim looks at: more than another page has leased (60); the fewer, the faster a drain. */
const CHUNK = 64

/** What a page would send. */
export interface Want {
  /** How many records, those that other pages are sending included. */
  room: number
  /** How many bytes of bodies, at the most. */
  bytes: number
  /** Whether a registration may go: one at a time, so that an older one never arrives after a newer one. */
  registration: boolean
}

/**
 * Requests that go in under the name of a spool, once: what pages leave under it, two pages that find it can't both take, and
 * what a stub adds to it later still counts.
 */
export interface Batch {
  name: string
  /** `undefined` where what was spooled has led to no request. */
  items: readonly (Outgoing | undefined)[]
  /** Those of them that this page is sending; only where they are its own. */
  flying?: readonly Outgoing[]
}

export interface Claim {
  /** Now leased to this page, which sends and then brings back each. */
  records: Stored[]
  /** Left the outbox without having been sent: too old, or the oldest of too many. */
  dropped: Outgoing[]
  /** Something waits that this page could not get now. */
  isMore?: boolean
}

/**
 * What waits to be sent. Promises hold when a change is durable, as far as it can be; none rejects.
 */
export interface Outbox {
  /** To be waited for before records are leased: from then on other pages can see that this one is alive. */
  prepare(): Promise<void>
  /**
   * One transaction: takes out for good the records of the ids that have `ended`, gives back the `failed` ones, changed, where
   * the lease is still this page's, adds `batches`, and claims what it wants. Where nothing but what has ended is brought, it
   * is begun before this returns.
   */
  exchange(ended: string[], failed?: Outgoing[], batches?: Batch[], want?: Want): Promise<Claim>
  total(): Promise<number>
  /** Takes out what nothing but this page's memory has: a page that leaves puts it elsewhere. */
  takeMemory(): Outgoing[]
  /** Gives up what shows other pages that this one is alive; only when it holds no lease. */
  rest(): void
}

/**
 * What a claim takes of `records`, the first of `total`; where there are too many, it drops first. `isGone`: whether a lease
 * is no more. Pure: a transaction may be tried again.
 */
export const choose = (
  records: Stored[],
  total: number,
  want: Want | undefined,
  time: number,
  owner: string,
  isGone: (lease: Stored) => boolean,
): Claim => {
  const claim: Claim = { records: [], dropped: [] }
  if (!want) return claim
  let { room, bytes, registration } = want
  let excess = total - MOST_RECORDS

  const free = records.filter(record => {
    const holder = record.owner
    if (!holder || isGone(record)) {
      const isOld = (excess > 0 && !isRegistration(record)) || record.time < time - OLDEST_MS
      if (!isOld) return true
      excess--
      claim.dropped.push(record)
      return false
    }
    if (isRegistration(record)) registration = false
    // What others hold is theirs to send.
    if (holder !== owner) {
      claim.isMore = true
      if ((record.until as number) > time + (LEASE_MS - UNDER_WAY_MS)) room--
    }
    return false
  })

  // Those first that were tried least: it may be the API that failed, or it may be the record.
  free.sort((a, b) => a.attempts - b.attempts)
  for (const record of free) {
    const size = byteLength(record.body)
    if (claim.records.length >= room || size > bytes || (isRegistration(record) && !registration)) {
      claim.isMore = true
    } else {
      bytes -= size
      if (isRegistration(record)) registration = false
      claim.records.push({ ...record, owner, until: time + LEASE_MS })
    }
  }
  return claim
}

const idsOf = (records: Outgoing[]) => records.map(({ id }) => id)

/** The outbox on a durable table, with memory behind it for what that doesn't take: missing, blocked, full, or hanging. */
export const createOutbox = (durable: Table, memory: MemoryTable, lock: Lock): Outbox => {
  let owner = ''
  /** Who was alive, and when. */
  let alive: string[] | undefined
  let askedAt = 0
  // An owner takes its lock before its first lease: one that had a lease then, and no lock, is gone. Without locks, a lease
  // has to run out.
  const isGone = ({ owner, until }: Stored) =>
    alive
      ? !alive.includes(owner as string) && (until as number) - LEASE_MS < askedAt
      : (until as number) <= Date.now()

  /** The durable one, unless that has failed: missing, blocked, full, or hanging. */
  let table = durable

  const outbox: Outbox = {
    async prepare() {
      owner = await lock.hold()
      const time = Date.now()
      alive = await lock.alive().catch(() => undefined)
      askedAt = time
    },

    async exchange(ended, failed = [], batches = [], want) {
      const markers = batches.map(({ name }) => name)
      let notes: string[] = []
      /** Has ended, and may still be in a table that fails. */
      let lost: string[] = []
      const transact = () =>
        table.transact(
          want ? CHUNK : 0,
          [...markers, ...idsOf(failed)],
          (first, total, asked, change) => {
            notes = localKeys(DONE)
            const done = ended.concat(readDone(notes))
            batches.forEach(({ name, items, flying }, index) => {
              const marker = asked[index]
              const before = marker ? marker.time : 0
              // A page without transactions may have taken it in, which leaves no marker: all that tells is that it is gone.
              if (!flying && !readLocal(name)) return
              if (table === durable) {
                change.put({ id: name, time: Math.max(before, items.length) } as Stored)
              }
              for (const item of items.slice(before)) {
                if (item)
                  // It may bring the lease along under which it was claimed once.
                  change.put({
                    ...item,
                    owner: flying && flying.includes(item) && owner,
                    until: Date.now() + LEASE_MS,
                  })
              }
            })
            failed.forEach((record, index) => {
              const stored = asked[batches.length + index]
              if (stored && stored.owner === owner) {
                change.put({ ...stored, attempts: record.attempts, owner: undefined })
              }
            })
            lost = done.filter(id => !change.remove(id))
            const free = first.filter(({ id }) => !done.includes(id))
            const claim = choose(free, total, want, Date.now(), owner, isGone)
            claim.records.forEach(change.put)
            claim.dropped.forEach(({ id }) => {
              change.remove(id)
            })
            return claim
          },
        )

      const claim = await transact().catch(() => {
        table = memory
        return transact()
      })
      if (lost.length) writeSpool(spoolName(DONE), lost)
      notes.forEach(removeLocal)
      return claim
    },

    total: () => table.total().catch(() => 0),

    takeMemory() {
      table = durable
      return memory.takeAll()
    },

    rest: lock.release,
  }
  return outbox
}

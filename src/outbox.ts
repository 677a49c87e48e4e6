import { byteLength } from './json.ts'
import { localKeys, readLocal, removeLocal } from './local.ts'
import { isLocked, type Lock } from './lock.ts'
import type { Outgoing } from './request.ts'
import { DONE, readDone, spoolName, writeSpool } from './spool.ts'
import { MARKER, type MemoryTable, type Stored, type Table } from './table.ts'

/** The outbox holds at most this many requests; past it the oldest are dropped (SPEC 5). */
export const MOST_RECORDS = 1_000

/** Older requests are dropped (SPEC 5). */
export const OLDEST_MS = 7 * 86_400_000

/** A lease outlives the longest time that a request may be under way: while it runs, the record has one owner. */
export const LEASE_MS = 20_000

/** How many of the oldest records a claim looks at: more than other tabs may have leased. */
const CHUNK = 128

/** How soon to look again for records that another page is sending. */
export const LOOK_AGAIN_MS = 1_000

/** A record that left the outbox without having been sent. */
export type Dropped = readonly [record: Outgoing, reason: 'outbox full' | 'too old']

/** What a page would send. */
export interface Want {
  /** How many records, and bytes of bodies, at the most. */
  room: number
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
  items: (Outgoing | undefined)[]
  /** Those of them that this page is sending; only where they are its own. */
  flying?: Outgoing[]
}

/** What a page brings to the outbox and wants of it. */
export interface Exchange {
  /** Ids of records to be taken out for good. */
  ended?: string[]
  /** Go back, changed, where the lease is still this page's. */
  failed?: Outgoing[]
  batches?: Batch[]
  want?: Want
}

export interface Claim {
  /** Now leased to this page, which sends and then brings back each. */
  records: Stored[]
  dropped: Dropped[]
  /** How soon it is worth while to claim again; `undefined`: nothing waits that this page could get. */
  againMs?: number
}

/**
 * What waits to be sent. Promises hold when a change is durable, as far as it can be; none rejects.
 */
export interface Outbox {
  /** To be waited for before records are leased: from then on other pages can see that this one is alive. */
  prepare(): Promise<void>
  /** One transaction. Where nothing but what has ended is brought, it is begun before this returns. */
  exchange(exchange: Exchange): Promise<Claim>
  total(): Promise<number>
  /** Takes out what nothing but this page's memory has: a page that leaves puts it elsewhere. */
  takeMemory(): Outgoing[]
  /** Gives up what shows other pages that this one is alive; only when it holds no lease. */
  rest(): void
}

/**
 * What a claim takes of `records`. `isGone`: whether the owner of a lease, with a lock, can't be alive any more. Pure: a
 * transaction may be tried again.
 */
export const choose = (
  records: Stored[],
  want: Want | undefined,
  time: number,
  owner: string,
  isGone: (lease: Stored) => boolean,
): Claim => {
  const claim: Claim = { records: [], dropped: [] }
  if (!want) return claim
  let { bytes, registration } = want
  const isRegistration = ({ method }: Outgoing) => method === 'registerUser'

  const free = records.filter(record => {
    const holder = record.owner
    if (!holder || (isLocked(holder) ? isGone(record) : (record.until as number) <= time))
      return true
    if (isRegistration(record)) registration = false
    // What others hold is theirs to send.
    if (holder !== owner) claim.againMs = LOOK_AGAIN_MS
    return false
  })

  // Those first that were tried least: it may be the API that failed, or it may be the record.
  free.sort((a, b) => a.attempts - b.attempts)
  for (const record of free) {
    const size = byteLength(record.body)
    if (record.time < time - OLDEST_MS) claim.dropped.push([record, 'too old'])
    else if (
      claim.records.length >= want.room ||
      size > bytes ||
      (isRegistration(record) && !registration)
    ) {
      claim.againMs = LOOK_AGAIN_MS
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
export const createOutbox = (
  durable: Table,
  memory: MemoryTable,
  lock: Lock,
  now: () => number,
): Outbox => {
  let owner = ''
  /** Who was alive, and when. */
  let alive: string[] = []
  let askedAt = 0
  // An owner takes its lock before its first lease: one that had a lease then, and no lock, is gone.
  const isGone = ({ owner, until }: Stored) =>
    !alive.includes(owner as string) && (until as number) - LEASE_MS < askedAt

  /** The durable one, unless that has failed: missing, blocked, full, or hanging. */
  let table = durable

  const trim = async (dropped: Dropped[]) => {
    if ((await table.total()) <= MOST_RECORDS) return
    const gone = await table.transact(2 * MOST_RECORDS, [], (records, _, change) => {
      const excess = Math.max(0, records.length - MOST_RECORDS)
      const idle = records.filter(({ owner }) => !owner).sort((a, b) => a.time - b.time)
      return idle.slice(0, excess).map((record): Dropped => {
        change.remove(record.id)
        return [record, 'outbox full']
      })
    })
    dropped.push(...gone)
  }

  const outbox: Outbox = {
    async prepare() {
      owner = await lock.hold()
      const time = now()
      await lock.alive().then(
        owners => {
          alive = owners
          askedAt = time
        },
        () => {},
      )
    },

    async exchange({ ended = [], failed = [], batches = [], want }) {
      // Spools are named by their time.
      const markers = batches.map(({ name }) => MARKER + name.replace(/^\D+/, ''))
      let notes: string[] = []
      const transact = () =>
        table.transact(want ? CHUNK : 0, markers.concat(idsOf(failed)), (first, asked, change) => {
          notes = want ? localKeys(DONE) : []
          const done = ended.concat(readDone(notes))
          done.forEach(change.remove)
          batches.forEach(({ name, items, flying }, index) => {
            const marker = asked[index]
            const before = marker ? marker.time : 0
            // Without transactions, that a page's spool is still there is all that can be known.
            if (table === memory && !flying && !readLocal(name)) return
            if (table === durable) {
              change.put({ id: markers[index], time: Math.max(before, items.length) } as Stored)
            }
            for (const item of items.slice(before)) {
              if (!item) continue
              const isLeased = flying && flying.includes(item)
              change.put(isLeased ? { ...item, owner, until: now() + LEASE_MS } : item)
            }
          })
          failed.forEach((record, index) => {
            const stored = asked[batches.length + index]
            if (stored && stored.owner === owner) {
              change.put({ ...stored, attempts: record.attempts, owner: undefined })
            }
          })
          const free = first.filter(({ id }) => !done.includes(id))
          const claim = choose(free, want, now(), owner, isGone)
          claim.records.forEach(change.put)
          for (const [record] of claim.dropped) change.remove(record.id)
          return claim
        })

      const claim = await transact().catch(() => {
        table = memory
        // What it could not be told.
        if (ended.length) writeSpool(spoolName(DONE), ended)
        return transact()
      })
      if (table === durable) notes.forEach(removeLocal)
      if (batches.length) await trim(claim.dropped).catch(() => {})
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

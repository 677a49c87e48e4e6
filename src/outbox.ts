import { byteLength } from './json.ts'
import { localKeys, readLocal, removeLocal } from './local.ts'
import { isLocked, type Lock } from './lock.ts'
import type { Outgoing } from './request.ts'
import { DONE, readDone } from './spool.ts'
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
export type Dropped = readonly [record: Outgoing, reason: 'outbox full' | 'too old' | 'superseded']

/** Asked in the transaction: what it depends on changes while that is waited for. */
export interface Want {
  /** How many records, and bytes of bodies, at the most. */
  room: number
  bytes: number
  /** Whether a registration may go: one at a time, so that an older one never arrives after a newer one. */
  registration(): boolean
  /** When the newest registration was called (ms); older ones are dropped. */
  newestAt(): number
}

export interface Claim {
  /** Now leased to this page, which sends and then settles or releases each. */
  records: Stored[]
  dropped: Dropped[]
  /** Who else holds leases. */
  others: string[]
  /** How soon it is worth while to claim again; `undefined`: nothing waits that this page could get. */
  againMs?: number
}

/**
 * What waits to be sent. Records go in by `add` or `adopt`, are leased by `claim`, and end by `settle` or go back by
 * `release`. Each promise holds when the change is durable, as far as it can be; none rejects.
 */
export interface Outbox {
  /** To be waited for before records are added as leased: from then on other pages can see that this one is alive. */
  prepare(): Promise<void>
  /**
   * Adds what has the name `spool`, once: what pages leave under it, two pages that find it can't both take, and what a stub
   * adds to it later still counts. An item that leads to no request is `undefined`. With `idle`, they are this page's own,
   * which is sending all but these already.
   */
  add(spool: string, items: (Outgoing | undefined)[], idle?: Outgoing[]): Promise<Dropped[]>
  claim(want: Want): Promise<Claim>
  /**
   * Takes the records of these ids out for good: begun before it returns, wherever the table allows and nothing is to be
   * `released`. Of those, which have changed, gives up the leases that are still this page's. False where it can't be done.
   */
  settle(ids: string[], released?: Outgoing[]): Promise<boolean>
  total(): Promise<number>
  /** Takes out what nothing but this page's memory has: a page that leaves puts it elsewhere. */
  takeMemory(): Outgoing[]
  /** Gives up what shows other pages that this one is alive; only when it holds no lease. */
  rest(): void
}

/** What a claim takes of `records`, in order of their ids and so registrations first. Pure: a transaction may be tried again. */
export const choose = (
  records: Stored[],
  want: Want,
  time: number,
  owner: string,
  dead: string[],
): Claim => {
  const claim: Claim = { records: [], dropped: [], others: [] }
  let { bytes } = want
  let registration = want.registration()
  const isRegistration = ({ method }: Outgoing) => method === 'registerUser'

  const free = records.filter(record => {
    const holder = record.owner
    if (!holder || dead.includes(holder)) return true
    if (!isLocked(holder) && (record.until as number) <= time) return true
    if (isRegistration(record)) registration = false
    if (holder !== owner) claim.others.push(holder)
    return false
  })
  const newest = free.filter(isRegistration).pop()
  if (claim.others.length) claim.againMs = LOOK_AGAIN_MS

  // Those first that were tried least: it may be the API that failed, or it may be the record.
  free.sort((a, b) => a.attempts - b.attempts)
  for (const record of free) {
    const size = byteLength(record.body)
    if (record.time < time - OLDEST_MS) claim.dropped.push([record, 'too old'])
    else if (isRegistration(record) && (record !== newest || record.time < want.newestAt())) {
      claim.dropped.push([record, 'superseded'])
    } else if (
      claim.records.length >= want.room ||
      size > bytes ||
      (record === newest && !registration)
    ) {
      claim.againMs = LOOK_AGAIN_MS
    } else {
      bytes -= size
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
  /** Owners that are gone, and don't come back: each time, a page takes another name. */
  const dead: string[] = []

  const trim = async (table: Table) => {
    const dropped: Dropped[] = []
    if ((await table.total()) > MOST_RECORDS) {
      await table.transact(2 * MOST_RECORDS, (records, change) => {
        dropped.length = 0
        const excess = Math.max(0, records.length - MOST_RECORDS)
        const idle = records.filter(({ owner }) => !owner).sort((a, b) => a.time - b.time)
        for (const record of idle.slice(0, excess)) {
          change.remove(record.id)
          dropped.push([record, 'outbox full'])
        }
      })
    }
    return dropped
  }

  /** Does it on the durable table, or else on the other. */
  const either = async (put: (table: Table) => Promise<unknown>) => {
    let table = durable
    try {
      await put(durable)
    } catch (_) {
      table = memory
      await put(memory)
    }
    return trim(table).catch(() => [])
  }

  /** False where the durable table doesn't take it. */
  const both = (change: (table: Table) => Promise<unknown>) => {
    change(memory)
    return change(durable).then(
      () => true,
      () => false,
    )
  }

  const outbox: Outbox = {
    async prepare() {
      owner = await lock.hold()
    },

    add: (spool, items, idle) =>
      either(table => {
        // Spools are named by their time.
        const id = MARKER + spool.replace(/^\D+/, '')
        return table.transact([id], ([marker], change) => {
          const before = marker ? marker.time : 0
          if (table === durable) change.put({ id, time: Math.max(before, items.length) } as Stored)
          // Without transactions, that a page's spool is still there is all that can be known.
          else if (!idle && !readLocal(spool)) return
          for (const item of items.slice(before)) {
            if (item) {
              const isLeased = idle && !idle.includes(item)
              change.add(isLeased ? { ...item, owner, until: now() + LEASE_MS } : item)
            }
          }
        })
      }),

    async claim(want) {
      await outbox.prepare()
      const table = (await memory.total()) ? memory : durable
      let notes: string[] = []
      const claim = await table
        .transact(CHUNK, (records, change) => {
          if (table === durable) notes = localKeys(DONE)
          const done = readDone(notes)
          done.forEach(change.remove)
          const open = records.filter(({ id }) => !done.includes(id))
          const chosen = choose(open, want, now(), owner, dead)
          chosen.records.forEach(change.put)
          for (const [record] of chosen.dropped) change.remove(record.id)
          return chosen
        })
        .catch((): Claim => {
          notes = []
          return { records: [], dropped: [], others: [], againMs: LEASE_MS }
        })
      notes.forEach(removeLocal)
      if (claim.others.length && claim.records.length < want.room) {
        // The leases were read before the locks are asked for: an owner takes its lock first and gives it up last, so one
        // that has a lease and no lock is dead.
        const gone = await lock.dead(claim.others).catch(() => [])
        dead.push(...gone)
        if (gone.length) claim.againMs = 0
      }
      return claim
    },

    settle: (ids, released = []) =>
      both(table =>
        table.transact(idsOf(released), (stored, change) => {
          ids.forEach(change.remove)
          const own = idsOf(stored.filter(record => record.owner === owner))
          for (const record of released) {
            if (own.includes(record.id)) change.put({ ...record, owner: undefined })
          }
        }),
      ),

    total: async () => (await memory.total()) + (await durable.total().catch(() => 0)),

    takeMemory: memory.takeAll,

    rest: lock.release,
  }
  return outbox
}

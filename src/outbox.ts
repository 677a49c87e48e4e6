import { byteLength } from './json.ts'
import { isLocked, type Lock } from './lock.ts'
import type { Outgoing } from './request.ts'
import type { Stored, Table } from './table.ts'

/** The outbox holds at most this many requests; past it the oldest are dropped (SPEC 5). */
export const MOST_RECORDS = 1_000

/** Older requests are dropped (SPEC 5). */
export const OLDEST_MS = 7 * 86_400_000

/** A lease outlives the longest time that a request may be under way: while it runs, the record has one owner. */
export const LEASE_MS = 20_000

/** How many of the oldest records a claim looks at: more than other tabs may have leased. */
const CHUNK = 128

/** How soon to look again for records that another page is sending. */
const LOOK_AGAIN_MS = 1_000

/** A record that left the outbox without having been sent. */
export type Dropped = readonly [record: Outgoing, reason: 'outbox full' | 'too old' | 'superseded']

export interface Want {
  /** How many records, and bytes of bodies, at the most. */
  room: number
  bytes: number
  /** Those first that were tried least: it may be the API that is away, or it may be the record. */
  probe: boolean
  /** Take records too whose time has not come. */
  early: boolean
  /** Whether a registration may go: one at a time, so that an older one never arrives after a newer one. */
  registration: boolean
  /** When the newest registration that the API took was called (ms); older ones are dropped. */
  takenAt: number
}

export interface Claim {
  /** Now leased to this page, which sends and then settles or releases each. */
  records: Outgoing[]
  dropped: Dropped[]
  /** When it is worth while to claim again (ms since 1970); `undefined`: nothing waits that this page could get. */
  next?: number
}

/**
 * What waits to be sent. Records go in by `add` or `adopt`, are leased by `claim`, and end by `settle` or go back by
 * `release`. Each promise holds when the change is durable; none rejects but `settle`.
 */
export interface Outbox {
  /** To be waited for before records are added as leased: from then on other pages can see that this one is alive. */
  prepare(): Promise<void>
  /** `leased`: this page is sending them already. */
  add(records: Outgoing[], leased: boolean): Promise<Dropped[]>
  /**
   * Adds what a page left under the name `spool`, once: two pages that find the same spool can't both take it, and what a
   * stub adds to it later still counts. An item that leads to no request is `undefined`.
   */
  adopt(spool: string, items: (Outgoing | undefined)[]): Promise<Dropped[]>
  claim(want: Want): Promise<Claim>
  /** Takes the records out for good. Begun before it returns, wherever the table allows. */
  settle(records: Outgoing[]): Promise<unknown>
  /** Gives the lease up and keeps the changed record. Nothing happens if the lease is not this page's any more. */
  release(record: Outgoing): Promise<unknown>
  count(): Promise<number>
  /** Gives up what shows other pages that this one is alive; only when it holds no lease. */
  rest(): void
}

/** What a claim takes, of `records` in order of their ids, those of registrations first. */
export const choose = (
  records: Stored[],
  want: Want,
  time: number,
  owner: string,
  dead: string[],
): Claim & { records: Stored[]; others: string[] } => {
  const chosen: Stored[] = []
  const dropped: Dropped[] = []
  const others: string[] = []
  let next: number | undefined
  const wait = (until: number) => {
    next = Math.min(next || until, until)
  }

  const free = records.filter(record => {
    if (
      !record.owner ||
      dead.indexOf(record.owner) >= 0 ||
      (!isLocked(record.owner) && (record.until as number) <= time)
    ) {
      return true
    }
    if (record.owner !== owner) {
      others.push(record.owner)
      wait(time + LOOK_AGAIN_MS)
    }
    return false
  })
  const registrations = free.filter(record => record.method === 'registerUser')
  const newest = registrations[registrations.length - 1]
  const busy =
    !want.registration ||
    records.some(record => record.method === 'registerUser' && free.indexOf(record) < 0)

  if (want.probe) free.sort((a, b) => a.attempts - b.attempts)
  for (const record of free) {
    const isRegistration = record.method === 'registerUser'
    const due = want.early ? 0 : record.notBefore || 0
    const bytes = byteLength(record.body)
    if (record.time < time - OLDEST_MS) dropped.push([record, 'too old'])
    else if (isRegistration && (record !== newest || record.time < want.takenAt)) {
      dropped.push([record, 'superseded'])
    } else if (isRegistration && busy) wait(time + LOOK_AGAIN_MS)
    else if (due > time) wait(due)
    else if (chosen.length >= want.room || bytes > want.bytes) wait(time)
    else {
      want.bytes -= bytes
      chosen.push(record)
    }
  }
  return { records: chosen, dropped, others, next }
}

/** The outbox on a durable table, with memory behind it for what that doesn't take: missing, blocked, full, or hanging. */
export const createOutbox = (
  durable: Table,
  memory: Table,
  lock: Lock,
  now: () => number,
): Outbox => {
  let owner = ''
  let works = false

  const trim = async (table: Table) => {
    const dropped: Dropped[] = []
    if ((await table.count()) > MOST_RECORDS) {
      await table.transact(2 * MOST_RECORDS, (records, change) => {
        const excess = Math.max(0, records.length - MOST_RECORDS)
        for (const record of records.filter(({ owner }) => !owner).slice(0, excess)) {
          change.remove(record)
          dropped.push([record, 'outbox full'])
        }
      })
    }
    return dropped
  }

  /** Does it on the durable table, or else on the other. */
  const either = async (put: (table: Table) => Promise<unknown>) => {
    try {
      await put(durable)
      works = true
      return await trim(durable)
    } catch {
      await put(memory)
      return trim(memory)
    }
  }

  const scan = (table: Table, want: Want, dead: string[]) =>
    table.transact(CHUNK, (records, change) => {
      const time = now()
      const claim = choose(records, want, time, owner, dead)
      for (const record of claim.records) change.put({ ...record, owner, until: time + LEASE_MS })
      for (const [record] of claim.dropped) change.remove(record)
      want.room -= claim.records.length
      return claim
    })

  const outbox: Outbox = {
    async prepare() {
      owner = await lock.hold()
    },

    add(records, leased) {
      const lease = leased ? { owner, until: now() + LEASE_MS } : { owner: undefined }
      return either(table =>
        table.transact(0, (_, change) => {
          for (const record of records) change.put({ ...record, ...lease })
        }),
      )
    },

    adopt: (spool, items) =>
      either(table =>
        table.adopt(spool, items.length, (before, change) => {
          for (const item of items.slice(before)) if (item) change.put(item)
        }),
      ),

    async claim(want) {
      await outbox.prepare()
      const claim: Claim = { records: [], dropped: [] }
      const take = async (table: Table, dead: string[]) => {
        const found = await scan(table, want, dead).catch(() => undefined)
        if (!found) return []
        claim.records.push(...found.records)
        claim.dropped.push(...found.dropped)
        claim.next =
          Math.min(claim.next || found.next || 0, found.next || claim.next || 0) || undefined
        return found.others
      }
      await take(memory, [])
      const others = await take(durable, [])
      if (want.room > 0 && others.length) {
        // The leases were read before the locks are asked for: an owner takes its lock first and gives it up last, so
        // one that has a lease and no lock is dead.
        const dead = await lock.dead(others)
        if (dead.length) await take(durable, dead)
      }
      return claim
    },

    async settle(records) {
      const remove = (table: Table) =>
        table.transact(0, (_, change) => records.forEach(change.remove))
      remove(memory)
      await remove(durable).catch(error => {
        if (works) throw error
      })
    },

    release(record) {
      const put = (table: Table) =>
        table
          .transact(record.id, ([stored], change) => {
            if (stored && stored.owner === owner) change.put({ ...record, owner: undefined })
          })
          .catch(() => {})
      return Promise.all([put(memory), put(durable)])
    },

    count: async () => (await memory.count()) + (await durable.count().catch(() => 0)),

    rest: lock.release,
  }
  return outbox
}

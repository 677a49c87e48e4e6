import type { Outgoing } from './request.ts'

/** Ids of markers begin so, then comes a time: see `adopt` in outbox.ts. They are no requests, and forgotten after seven days. */
export const MARKER = 'adopted|'

/** An outgoing request in the outbox, with the lease of the page that is sending it. */
export interface Stored extends Outgoing {
  owner?: string
  /** End of the lease, ms since 1970. */
  until?: number
}

/** The changes that a transaction makes. */
export interface Change {
  /** Puts a record, unless there is one of that id: a page that has left may have stored what it spooled. */
  add(record: Stored): void
  put(record: Stored): void
  remove(id: string): void
}

/** Where the outbox keeps its records, in order of their ids. */
export interface Table {
  /**
   * One transaction, which no other overlaps, of this page or another: reads the first `read` records, or those of these
   * ids, and makes the changes that `decide` asks for. The promise holds when they are durable. Where the table is open and
   * nothing is read, the changes are on their way before this returns: a page that leaves has no later.
   */
  transact<T>(read: number | string[], decide: (records: Stored[], change: Change) => T): Promise<T>
  /** How many requests there are. */
  total(): Promise<number>
}

export interface MemoryTable extends Table {
  /** Takes out all that there is: a page that leaves puts it elsewhere. */
  takeAll(): Outgoing[]
}

/** A table for a page without storage, or for what its storage doesn't take. */
export const createMemoryTable = (): MemoryTable => {
  const records = new Map<string, Stored>()
  const change: Change = {
    add: record => records.set(record.id, record),
    put: record => records.set(record.id, record),
    remove: id => records.delete(id),
  }
  const all = () => [...records.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    transact: async (read, decide) =>
      decide(
        typeof read === 'number'
          ? all().slice(0, read)
          : all().filter(({ id }) => read.includes(id)),
        change,
      ),
    total: async () => records.size,
    takeAll() {
      const taken = all()
      records.clear()
      return taken
    },
  }
}

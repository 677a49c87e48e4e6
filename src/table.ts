import type { Outgoing } from './request.ts'

/** An outgoing request in the outbox, with the lease of the page that is sending it. */
export interface Stored extends Outgoing {
  id: string
  /** Falsy where it is nobody's to send. */
  owner?: string | false
  /** End of the lease, ms since 1970. */
  until?: number
}

/** The changes that a transaction makes. */
export interface Change {
  put(record: Stored): void
  /** False where there is none, as far as that can be told. */
  remove(id: string): unknown
}

/**
 * What a transaction does with the first of all records there are, in order of their ids, and with those that it asked for
 * by id.
 */
export type Decide<T> = (
  first: Stored[],
  total: number,
  asked: (Stored | undefined)[],
  change: Change,
) => T

/** Where the outbox keeps its records. */
export interface Table {
  /**
   * One transaction, which no other overlaps, of this page or another: reads the first `most` records, and with them their
   * total, and those of `ids`, and
   * makes the changes that `decide` asks for. The promise holds when they are durable. Where the table is open and nothing is
   * read, the changes are on their way before this returns: a page that leaves has no later.
   */
  transact<T>(most: number, ids: string[], decide: Decide<T>): Promise<T>
  /** How many requests there are. */
  total(): Promise<number>
}

export interface MemoryTable extends Table {
  /** Takes out all that there is: a page that leaves puts it elsewhere. */
  takeAll(): Outgoing[]
}

/** A table for a page without storage. */
export const createMemoryTable = (): MemoryTable => {
  const records = new Map<string, Stored>()
  const change: Change = {
    put: record => records.set(record.id, record),
    remove: id => records.delete(id),
  }
  const all = () => [...records.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    transact: async (most, ids, decide) =>
      decide(
        all().slice(0, most),
        records.size,
        ids.map(id => records.get(id)),
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

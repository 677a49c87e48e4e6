import { promisifyRequest } from 'idb-keyval'
import type { Database } from './database.ts'
import { SPOOL } from './spool.ts'
import type { Stored, Table } from './table.ts'

/**
 * What is stored under the name of a spool tells how much of it has been taken in: see `Batch` in outbox.ts. A spool that is
 * older than this holds nothing that would still be sent.
 */
const MARKER_LIFE_MS = 7 * 86_400_000

/** What `Decide` is given, as it is read. */
type Read = [first: Stored[], total: number, ...asked: (Stored | undefined)[]]

/**
 * The table in IndexedDB, one key a record, so that an add costs the same whatever waits. Readwrite transactions on one store
 * run one after the other, across tabs too: that is what keeps two tabs from sending the same record.
 */
export const createIdbTable = ({ use }: Database, application: string): Table => {
  const range = () => IDBKeyRange.bound(`${application}|`, `${application}|~`)
  return {
    transact: (most, ids, decide) =>
      use(store => {
        // Never in a request's own event: what is thrown there is an error of the page's.
        const act = ([first, total, ...asked]: Read) => {
          const result = decide(first, total, asked, {
            put: record => store.put(record, record.id),
            remove: id => store.delete(id),
          })
          // The markers of yesterday go.
          store.delete(IDBKeyRange.bound(SPOOL, SPOOL + (Date.now() - MARKER_LIFE_MS)))
          // Without waiting for more: a transaction still open when the page goes is lost.
          const { transaction } = store
          if (transaction.commit) transaction.commit()
          return result
        }
        if (!most && !ids.length) return act([[], 0])
        return Promise.all([
          // To IndexedDB, 0 is all that there are.
          most ? promisifyRequest(store.getAll(range(), most)) : [],
          most && promisifyRequest(store.count(range())),
          ...ids.map(id => promisifyRequest(store.get(id))),
        ]).then(act)
      }),
    // Who has asked `get` is to be answered, whatever becomes of the page.
    total: () => use(store => promisifyRequest(store.count(range())), true),
  }
}

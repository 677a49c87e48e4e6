import { promisifyRequest } from 'idb-keyval'
import type { Database } from './database.ts'
import { MARKER, type Stored, type Table } from './table.ts'

/** A spool that is older holds nothing that would still be sent. */
const MARKER_LIFE_MS = 7 * 86_400_000

/**
 * The table in IndexedDB, one key a record, so that an add costs the same whatever waits. Readwrite transactions on one store
 * run one after the other, across tabs too: that is what keeps two tabs from sending the same record.
 */
export const createIdbTable = ({ use, commit }: Database, application: string): Table => {
  const range = () => IDBKeyRange.bound(`${application}|`, `${application}|~`)
  return {
    transact: (most, ids, decide) =>
      use(store => {
        // Never in a request's own event: what is thrown there is an error of the page's.
        const act = (first: Stored[], asked: (Stored | undefined)[]) => {
          const result = decide(first, asked, {
            put: record => store.put(record, record.id),
            remove: id => store.delete(id),
          })
          // The markers of yesterday go.
          store.delete(IDBKeyRange.bound(MARKER, MARKER + (Date.now() - MARKER_LIFE_MS)))
          commit(store)
          return result
        }
        if (!most && !ids.length) return act([], [])
        return Promise.all(
          [store.getAll(range(), most), ...ids.map(id => store.get(id))].map(promisifyRequest),
        ).then(([first, ...asked]) => act(most ? first : [], asked))
      }),
    total: () => use(store => promisifyRequest(store.count(range()))),
  }
}

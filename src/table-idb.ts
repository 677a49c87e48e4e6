import { promisifyRequest } from 'idb-keyval'
import type { Database } from './database.ts'
import type { Change, Stored, Table } from './table.ts'

const MARKER_LIFE_MS = 86_400_000

const marker = (spool: string | number) => `adopted|${spool}`

/**
 * The table in IndexedDB, one key a record, so that an add costs the same whatever waits; and one `adopted|<spool>` for how
 * much of a spool has been taken in. Readwrite transactions on one store run one after the other, across tabs too: that is
 * what keeps two tabs from sending the same record.
 */
export const createIdbTable = (
  { use, commit }: Database,
  application: string,
  now: () => number,
): Table => {
  const range = () => IDBKeyRange.bound(`${application}|`, `${application}|~`)

  const changeOf = (store: IDBObjectStore): Change => ({
    put: record => store.put(record, record.id),
    remove: ({ id }) => store.delete(id),
  })

  /** Runs `decide` on what `request` has read, or at once, and commits. */
  const after = <T>(
    store: IDBObjectStore,
    request: IDBRequest | undefined,
    decide: (read: never) => T,
  ) =>
    new Promise<T>(resolve => {
      const act = () => {
        resolve(decide(request?.result as never))
        commit(store)
      }
      if (request) request.onsuccess = act
      else act()
    })

  return {
    transact: (read, decide) =>
      use('readwrite', store =>
        after(
          store,
          read ? store.getAll(typeof read === 'string' ? read : range(), +read || 1) : undefined,
          (records: Stored[] = []) => decide(records, changeOf(store)),
        ),
      ),
    adopt: (spool, length, decide) =>
      use('readwrite', store =>
        after(store, store.get(marker(spool)), (before = 0) => {
          store.put(Math.max(before, length), marker(spool))
          // Spools are named by their time: the markers of yesterday go.
          const head = spool.replace(/\d.*/, '')
          store.delete(IDBKeyRange.bound(marker(head), marker(head + (now() - MARKER_LIFE_MS))))
          decide(before, changeOf(store))
        }),
      ),
    count: () => use('readonly', store => promisifyRequest(store.count(range()))),
  }
}

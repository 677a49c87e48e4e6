import { promisifyRequest } from 'idb-keyval'
import { attempt } from '../attempt.ts'
import type { Stored } from '../table.ts'
import type { Pw } from '../types.ts'

const NAME = 'pw-tag'
const STORE = 'kv'

export interface StoredReader {
  /** The requests of an application that are stored, oldest first; rejects where that can't be known. */
  read(application: string): Promise<Stored[]>
  /** The page is being left: a transaction that it leaves behind keeps every other page of the site waiting. */
  cut(): void
}

/**
 * Looks into the outbox without touching it: the database is opened only if it is listed, as WebKit keeps an empty one whose
 * making was aborted, and closed as soon as it has been read, since the tag may want to delete it.
 */
export const createStoredReader = (pw: Pw): StoredReader => {
  let db: IDBDatabase | undefined
  let transaction: IDBTransaction | undefined
  /** Since the last read began. */
  let isCut = false

  const open = () => {
    const request = indexedDB.open(NAME)
    // It was listed, so a denial has come between. Asked just before, as what is granted may be stored in it again.
    request.onupgradeneeded = () => {
      ;(request.transaction as IDBTransaction).abort()
      pw('get', ({ consent }) => {
        if (consent !== 'granted') indexedDB.deleteDatabase(NAME)
      })
    }
    return promisifyRequest(request)
  }

  const cut = () => {
    isCut = true
    if (transaction) attempt(transaction.abort.bind(transaction))
    if (db) db.close()
    db = transaction = undefined
  }

  return {
    async read(application) {
      isCut = false
      const isListed = (await indexedDB.databases()).some(({ name }) => name === NAME)
      if (!isListed || isCut) return []
      db = await open()
      try {
        if (isCut) return []
        transaction = db.transaction(STORE)
        const range = IDBKeyRange.bound(`${application}|`, `${application}|~`)
        return await promisifyRequest(transaction.objectStore(STORE).getAll(range))
      } finally {
        cut()
      }
    },
    cut,
  }
}

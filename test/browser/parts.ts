import { createDatabase } from '../../src/database.ts'
import { createLock } from '../../src/lock.ts'
import { createOutbox, type Outbox } from '../../src/outbox.ts'
import { createMemoryTable, type Table } from '../../src/table.ts'
import { createIdbTable } from '../../src/table-idb.ts'
import type { Clock } from '../contract/outbox.ts'
import { APPLICATION } from '../contract/records.ts'

/** The tag's database as it is before a first visit. */
export const noDatabase = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('pw-tag')
    request.onsuccess = () => {
      // Not before: pages of the last test may have been at work.
      localStorage.clear()
      resolve()
    }
    request.onerror = () => reject(request.error)
  })

export interface Page {
  outbox: Outbox
  /** As when the page ends: the others may see that, and take over. */
  die(): void
}

/** What one page has: a connection, a lock and a memory of its own. From here on, all on this page read the time from the clock. */
export const createPage = (clock: Clock, durable?: Table): Page => {
  const lock = createLock()
  Date.now = () => clock.ms
  const table =
    durable ??
    createIdbTable(
      createDatabase(() => true),
      APPLICATION,
    )
  return { outbox: createOutbox(table, createMemoryTable(), lock), die: lock.release }
}

const fails = () => Promise.reject(new Error('no storage'))

/** Of a page that can't store anything. */
export const brokenTable: Table = { transact: fails, total: fails }

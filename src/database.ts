import { promisifyRequest } from 'idb-keyval'
import { attempt } from './attempt.ts'

const NAME = 'pw-tag'
const STORE = 'kv'

/**
 * Past twice this, a database that has not been opened counts as hanging, and is not asked again on this page. Twice, as what
 * it has to say waits behind a long task of the page's, and behind the timers that have run out meanwhile (Chromium, WebKit).
 */
const OPEN_MS = 1_000

/**
 * So much longer it has for an answer once it is open: it may be slow where the machine is busy and other tabs write, and
 * whoever took it for hanging could not see what they do.
 */
const ANSWER_MS = 3_000

export interface Database {
  /**
   * Runs `act` in one readwrite transaction; the promise holds when that has completed, so that "saved" means committed.
   * Where the database is open already, `act` runs before `use` returns: a page that leaves can't wait for a microtask.
   * After a `cut`, nobody hears of it any more, unless `always`.
   */
  use<T>(act: (store: IDBObjectStore) => T | PromiseLike<T>, always?: boolean): Promise<T>
  /**
   * Aborts what has not been committed, and lets nobody hear any more of what was begun before: for a page that is leaving.
   * One open transaction that such a page leaves behind keeps every other page of the site waiting (WebKit, for over 30 s).
   */
  cut(): void
  /** Deletes the database, without making one first where there is none. */
  erase(): void
}

/**
 * A store for idb-keyval's functions that survives what its own does not: an open that throws, fails or hangs, a
 * connection closed by the browser (https://github.com/jakearchibald/idb-keyval/issues/142), a database deleted or
 * upgraded by another tab, and one without our object store (https://github.com/jakearchibald/idb-keyval/issues/178).
 * It is opened, and so made, only while that is allowed: what was begun before a denial may ask for it after that.
 */
export const createDatabase = (isAllowed: () => boolean): Database => {
  let db: IDBDatabase | undefined
  let opening: Promise<IDBDatabase> | undefined
  let hangs: boolean | undefined
  /** What is under way, by how to abort it; another set after each `cut`. */
  let running = new Set<() => unknown>()

  const forget = () => {
    db = opening = undefined
  }

  const open = async (version?: number): Promise<IDBDatabase> => {
    if (!isAllowed()) throw 0
    const request = indexedDB.open(NAME, version)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    const opened = await promisifyRequest(request)
    // WebKit keeps one whose making a page left unfinished.
    if (!opened.objectStoreNames.contains(STORE)) {
      opened.close()
      return open(opened.version + 1)
    }
    opened.onclose = opened.onversionchange = () => {
      opened.close()
      forget()
    }
    db = opened
    return opened
  }

  return {
    use: (act, always) =>
      new Promise((resolve, reject) => {
        const mine = running
        let transaction: IDBTransaction | undefined
        const isOver = () => hangs || mine !== running
        /** Settles the promise, where it is still to be. */
        const tell =
          <V>(settle: (value: V) => void) =>
          (value: V) =>
            (always || mine === running) && settle(value)

        const transact = async () => {
          if (isOver()) throw 0
          if (!opening) opening = open()
          const opened = db || (await opening)
          if (isOver()) throw 0
          transaction = opened.transaction(STORE, 'readwrite')
          const [result] = await Promise.all([
            act(transaction.objectStore(STORE)),
            promisifyRequest(transaction),
          ])
          return result
        }

        /** False if it is being committed: whoever took it for failed would have its records twice. */
        const abort = () =>
          !transaction ||
          attempt(() => {
            ;(transaction as IDBTransaction).abort()
            return true
          })

        const giveUp = () => {
          hangs = hangs || mine === running
          if (abort()) tell(reject)(0)
        }
        let timer = setTimeout(() => {
          timer = setTimeout(giveUp, transaction ? ANSWER_MS : OPEN_MS)
        }, OPEN_MS)

        mine.add(abort)
        transact()
          .catch(() => {
            // The connection may have been closed under us: once more, on a new one. What was written before it failed goes.
            abort()
            forget()
            return transact()
          })
          .then(tell(resolve), tell(reject))
          .then(() => {
            clearTimeout(timer)
            mine.delete(abort)
          })
      }),
    cut() {
      const cut = running
      running = new Set()
      cut.forEach(abort => {
        abort()
      })
    },
    erase() {
      if (db) db.close()
      forget()
      attempt(() => indexedDB.deleteDatabase(NAME))
    },
  }
}

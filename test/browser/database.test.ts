// A database that does not do what a database does.
import { createDatabase } from '../../src/database.ts'
import { equal, ok } from '../contract/assert.ts'
import { add, claim, event, names, START, settle } from '../contract/records.ts'
import { createPage, noDatabase } from './parts.ts'

const clock = { ms: START }
const restore: (() => void)[] = []

/** Replaces a method for one test. */
const patch = (prototype: object, name: string, value: unknown) => {
  const own = Object.getOwnPropertyDescriptor(prototype, name)
  Object.defineProperty(prototype, name, { configurable: true, ...own, value })
  restore.push(() => {
    if (own) Object.defineProperty(prototype, name, own)
    else Reflect.deleteProperty(prototype, name)
  })
}

const open = (version?: number, upgrade?: (db: IDBDatabase) => void): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open('pw-tag', version)
    request.onupgradeneeded = () => upgrade?.(request.result)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** An outbox works if it gives what it is given. */
const works = async (outbox = createPage(clock).outbox) => {
  await add(outbox, event('a'))
  const { records } = await claim(outbox)
  equal(names(records), ['a'])
  await settle(
    outbox,
    records.map(({ id }) => id),
  )
  equal(await outbox.total(), 0)
}

/** Whether another page finds what this one stored. */
const isStored = async () => {
  await add(createPage(clock).outbox, event('b'))
  return names((await claim(createPage(clock).outbox)).records).join() === 'b'
}

const outcome = (promise: Promise<unknown>) => promise.catch(() => 'failed')

describe('a database that', () => {
  beforeEach(noDatabase)
  afterEach(() => {
    for (const undo of restore.splice(0)) undo()
  })

  it('is there: what is stored is found by another page', async () => {
    ok(await isStored())
  })

  it('throws when it is opened', async () => {
    patch(IDBFactory.prototype, 'open', () => {
      throw new DOMException('not here', 'SecurityError')
    })
    await works()
  })

  it('can not be opened', async () => {
    await (await open(2)).close()
    // A version that is higher than what is asked for.
    const { open: real } = IDBFactory.prototype
    patch(IDBFactory.prototype, 'open', function (this: IDBFactory, name: string) {
      return real.call(this, name, 1)
    })
    await works()
  })

  it('never answers', async () => {
    patch(IDBFactory.prototype, 'open', () => ({}))
    const outbox = createPage(clock).outbox
    const from = performance.now()
    const database = createDatabase(() => true)
    const told = outcome(database.use(() => 'value', true))
    database.cut()
    await works(outbox)
    const first = performance.now() - from
    ok(first > 1_500 && first < 3_500, `the first time after ${first} ms`)
    const again = performance.now()
    await works(outbox)
    ok(performance.now() - again < 500, 'it is not waited for again')
    equal(await told, 'failed')
  })

  // What the browser has to say of it waits behind that task, and in Chromium and WebKit behind the timers as well.
  it('is opened on a page that is busy for long', async () => {
    const answer = outcome(createDatabase(() => true).use(() => 'value'))
    for (const end = performance.now() + 1_500; performance.now() < end; );
    equal(await answer, 'value')
  })

  it('is cut as it commits', async () => {
    const useAndCut = (always?: boolean) => {
      // One of its own each: the cut of one would end what the other has only begun.
      const database = createDatabase(() => true)
      const cutLate = (store: IDBObjectStore) => {
        store.transaction.addEventListener('complete', database.cut)
        return 'value'
      }
      return outcome(database.use(cutLate, always))
    }
    const unheard = useAndCut()
    equal(await useAndCut(true), 'value')
    equal(await Promise.race([unheard, 'nothing']), 'nothing')
  })

  it('is full', async () => {
    const outbox = createPage(clock).outbox
    await works(outbox)
    patch(IDBObjectStore.prototype, 'put', function (this: IDBObjectStore) {
      this.transaction.abort()
      throw new DOMException('no room', 'QuotaExceededError')
    })
    await works(outbox)
  })

  it('has lost its connection', async () => {
    const outbox = createPage(clock).outbox
    await works(outbox)
    let failures = 1
    const { transaction } = IDBDatabase.prototype
    patch(IDBDatabase.prototype, 'transaction', function (this: IDBDatabase, ...args: never) {
      if (failures-- > 0) throw new DOMException('closing', 'InvalidStateError')
      return transaction.apply(this, args)
    })
    await add(outbox, event('a'))
    equal(names((await claim(createPage(clock).outbox)).records), ['a'], 'durable all the same')
  })

  it('is deleted while it is open', async () => {
    const outbox = createPage(clock).outbox
    await works(outbox)
    await noDatabase()
    await works(outbox)
    ok(await isStored())
  })

  it('is upgraded by another tab', async () => {
    const outbox = createPage(clock).outbox
    await works(outbox)
    const db = await open(7)
    db.close()
    await works(outbox)
    ok(await isStored())
  })

  it('lacks the object store', async () => {
    const db = await open(3, upgraded => upgraded.createObjectStore('other'))
    db.close()
    await works()
    ok(await isStored())
    const again = await open()
    ok(again.objectStoreNames.contains('other'), 'what others keep there is still there')
    again.close()
  })

  it('is opened by many at once and lacks the object store', async () => {
    ;(await open(3)).close()
    const pages = Array.from({ length: 5 }, () => createPage(clock))
    await Promise.all(pages.map(({ outbox }, n) => add(outbox, event(n))))
    equal(await createPage(clock).outbox.total(), 5)
  })

  it('is erased, is used again', async () => {
    const database = createDatabase(() => true)
    await database.use(store => store.put('value', 'key'))
    database.erase()
    const read = (store: IDBObjectStore) =>
      new Promise(resolve => {
        const request = store.get('key')
        request.onsuccess = () => resolve(request.result ?? null)
      })
    equal(await database.use(read), null)
  })

  it('fails by an error of the caller’s own', async () => {
    const mine = new Error('mine')
    equal(await outcome(createDatabase(() => true).use(() => Promise.reject(mine))), 'failed')
  })
})

import { Records } from './records.mjs'
import { Transaction } from './transaction.mjs'

/** The range that `IDBKeyRange.bound` makes. */
export const keyRange = { bound: (lower, upper) => ({ lower, upper }) }

/** The IndexedDB of a site: one database with one object store, which is all that the tag has. */
export class Database {
  records = new Records()
  exists = false
  queue = []

  constructor(world) {
    this.world = world
  }

  latency(page) {
    const { idbMs } = this.world.traits
    return page.random.chance(0.9)
      ? page.random.between(0.1, idbMs)
      : page.random.between(1, 5 * idbMs)
  }

  /** What stands under the name `indexedDB` on `page`. */
  factoryFor(page) {
    return { open: () => this.open(page) }
  }

  open(page) {
    const request = { result: undefined, error: null }
    if (page.dead || page.idbHangs) return request
    const { scheduler } = this.world
    const succeed = () => page.guard(() => request.onsuccess?.({ target: request }))
    scheduler.in(
      this.latency(page),
      () => {
        request.result = this.connect(page)
        if (this.exists) succeed()
        else {
          this.exists = true
          page.guard(() => request.onupgradeneeded?.({ target: request }))
          scheduler.in(this.latency(page), succeed, page)
        }
      },
      page,
    )
    return request
  }

  connect(page) {
    return {
      version: 1,
      objectStoreNames: { contains: () => true },
      createObjectStore() {},
      close() {},
      transaction: (_, mode) => {
        const transaction = new Transaction(this, page, mode)
        if (!page.dead) {
          this.queue.push(transaction)
          this.world.scheduler.after(() => this.next())
        }
        return transaction
      },
    }
  }

  /** Lets begin what has nothing before it that is in its way. */
  next() {
    this.queue = this.queue.filter(({ finished }) => !finished)
    let writes = false
    let reads = false
    for (const transaction of this.queue) {
      const isWrite = transaction.mode === 'readwrite'
      if (!transaction.running && !writes && !(isWrite && reads)) transaction.begin()
      if (isWrite) writes = true
      else reads = true
    }
  }

  /** A page is gone: what it has not committed is undone, what it has goes on. */
  leave(page) {
    for (const transaction of Array.from(page.transactions)) {
      if (!transaction.committing) transaction.abort(null)
      else transaction.active = transaction.waiting = false
      if (transaction.running) transaction.proceed()
    }
  }

  /** The browser is killed: of what was being committed, some may have been written. */
  kill(random) {
    let through = random.chance(0.5)
    for (const transaction of this.queue.splice(0)) {
      if (transaction.finished) continue
      if (transaction.committing && through) transaction.execute()
      else transaction.abort(null)
      through = through && random.chance(0.5)
    }
  }
}

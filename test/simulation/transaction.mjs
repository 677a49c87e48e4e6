const copy = value => (value && typeof value === 'object' ? { ...value } : value)

const failure = (name, message) => Object.assign(new Error(message), { name })

/** One transaction of IndexedDB on the only store: what the page sees of it, and what the browser does for it. */
export class Transaction {
  requests = []
  undo = []
  error = null
  active = true
  running = false
  waiting = false
  committing = false
  finished = false

  constructor(database, page, mode) {
    Object.assign(this, { database, page, mode })
    page.transactions.add(this)
    database.world.scheduler.after(() => this.deactivate())
  }

  objectStore() {
    const ask = (op, key, value) => this.ask(op, key, copy(value))
    return {
      transaction: this,
      get: key => ask('get', key),
      getAll: (key, count) => ask('getAll', key, count),
      count: key => ask('count', key),
      put: (value, key) => ask('put', key, value),
      delete: key => ask('delete', key),
    }
  }

  ask(op, key, value) {
    if (this.page.dead) return {}
    if (!this.active || this.committing || this.finished) {
      throw failure('TransactionInactiveError', 'the transaction is not active')
    }
    const request = { op, key, value, transaction: this, result: undefined }
    this.requests.push(request)
    return request
  }

  commit() {
    if (this.page.dead) return
    if (!this.active) throw failure('InvalidStateError', 'the transaction is not active')
    this.committing = true
  }

  deactivate() {
    this.active = false
    if (this.running) this.proceed()
  }

  /** The browser lets it begin: all before it have finished. */
  begin() {
    this.running = true
    this.proceed()
  }

  /** @param isUnderWay whether the next request has been sent already, and does not wait for a round trip of its own */
  proceed(isUnderWay = false) {
    if (this.finished || this.waiting || this.active) return
    this.waiting = true
    if (!this.requests.length) this.committing = true
    const { database, page } = this
    const delay = isUnderWay ? 0 : database.latency(page)
    database.world.scheduler.in(delay, () => {
      this.waiting = false
      if (!this.finished) this.execute()
    })
  }

  execute() {
    while (this.requests.length) {
      const request = this.requests.shift()
      const { page } = this
      this.carryOut(request)
      if (page.dead || !request.onsuccess) continue
      this.database.world.scheduler.in(0, () => this.answer(request), page)
      if (!this.committing) {
        this.waiting = true
        return
      }
    }
    this.finish('complete')
  }

  answer(request) {
    const { page } = this
    this.active = !this.committing
    const isNextUnderWay = this.requests.length > 0
    page.guard(() => request.onsuccess({ target: request }))
    this.database.world.scheduler.after(() => {
      this.active = this.waiting = false
      this.proceed(isNextUnderWay)
    })
  }

  carryOut(request) {
    const { records } = this.database
    const { op, key, value } = request
    if (op === 'get') request.result = copy(records.get(key))
    else if (op === 'getAll') request.result = records.range(key, value).map(copy)
    else if (op === 'count') request.result = records.range(key).length
    else if (op === 'delete') {
      for (const name of records.keysOf(key)) this.change(name, undefined)
    } else this.change(key, value)
  }

  change(key, value) {
    const { records } = this.database
    this.undo.push([key, records.get(key)])
    records.set(key, value)
    const event = /"event":"(.*?)"/.exec(value?.body)?.[1]
    const what = value ? `has ${event || key} (owner ${value.owner})` : `has no more ${key}`
    this.database.world.note(this.page, `outbox ${what}`, event)
  }

  /** Without an error: called by the page. */
  abort(error) {
    if (error === undefined && (this.committing || this.finished)) {
      throw failure('InvalidStateError', 'the transaction is over')
    }
    if (this.finished) return
    for (const [key, value] of this.undo.reverse()) this.database.records.set(key, value)
    this.error = error
    this.finish('abort')
  }

  finish(type) {
    const { page, database } = this
    this.finished = true
    if (type === 'abort') database.world.note(page, 'transaction undone')
    page.transactions.delete(this)
    database.world.scheduler.in(0, () => this[`on${type}`]?.({ target: this }), page)
    database.next()
  }
}

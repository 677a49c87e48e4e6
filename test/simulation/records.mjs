/** What an object store holds, in order of its keys. */
export class Records {
  values = new Map()
  sorted = []

  get(key) {
    return this.values.get(key)
  }

  /** `undefined` deletes. */
  set(key, value) {
    if (value === undefined) {
      if (this.values.delete(key)) this.sorted = undefined
      return
    }
    if (!this.values.has(key)) this.sorted = undefined
    this.values.set(key, value)
  }

  /** `key`: one, or a range of them. */
  keysOf(key) {
    if (typeof key === 'string') return this.values.has(key) ? [key] : []
    if (!this.sorted) this.sorted = Array.from(this.values.keys()).sort()
    return this.sorted.filter(name => name >= key.lower && name <= key.upper)
  }

  range(key, count = Number.POSITIVE_INFINITY) {
    return this.keysOf(key)
      .slice(0, count)
      .map(name => this.values.get(name))
  }
}

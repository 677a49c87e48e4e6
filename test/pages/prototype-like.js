// What Prototype.js 1.6 does to a page, as far as it concerns others.
;(() => {
  function extend(target, source) {
    for (const name of Object.getOwnPropertyNames(source)) target[name] = source[name]
  }
  function toArray(iterable) {
    if (!iterable) return []
    if (iterable.toArray) return iterable.toArray()
    const array = []
    for (let i = 0; i < (iterable.length || 0); i++) array[i] = iterable[i]
    return array
  }
  function allKeys(object) {
    const keys = []
    for (const key in object) keys.push(key)
    return keys
  }
  const quote = text => `"${text}"`

  window.$A = toArray
  Array.from = toArray
  Object.keys = allKeys
  Object.values = object => allKeys(object).map(key => object[key])
  Object.toJSON = value => (Array.isArray(value) ? value.toJSON() : quote(value))
  extend(Array.prototype, {
    toArray() {
      return [].concat(this)
    },
    clear() {
      this.length = 0
      return this
    },
    first() {
      return this[0]
    },
    compact() {
      return this.filter(value => value != null)
    },
    entries: function entries() {
      return this.toArray()
    },
    reduce: function reduce() {
      return this.length > 1 ? this : this[0]
    },
    toJSON() {
      return `[${this.map(Object.toJSON).join(', ')}]`
    },
  })
  extend(String.prototype, {
    strip() {
      return this.trim()
    },
    toJSON() {
      return quote(this)
    },
  })
  extend(Number.prototype, {
    toJSON() {
      return `${this}`
    },
  })
  extend(Date.prototype, {
    toJSON() {
      return quote(this.getTime())
    },
  })
  extend(Function.prototype, {
    bind(context, ...first) {
      return (...rest) => this.apply(context, first.concat(rest))
    },
    defer() {},
  })
})()

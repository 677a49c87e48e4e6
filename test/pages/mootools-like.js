// What MooTools 1.4 does to a page, as far as it concerns others.
;(() => {
  const slice = Array.prototype.slice
  const isEnumerable = item => item != null && typeof item.length === 'number'
  Array.from = item => {
    if (item == null) return []
    if (!isEnumerable(item) || typeof item === 'string') return [item]
    return Array.isArray(item) ? item : slice.call(item)
  }
  Number.from = item => (Number.isFinite(Number.parseFloat(item)) ? Number.parseFloat(item) : null)
  String.from = item => `${item}`
  Function.from = item => (typeof item === 'function' ? item : () => item)
  Object.each = () => {}
  Object.clone = object => object
  Function.prototype.overloadSetter = function () {
    return this
  }
  Function.prototype.implement = function (name, value) {
    this.prototype[name] = value
  }
  Array.implement('each', Array.prototype.forEach)
  Array.implement('erase', function (item) {
    for (let i = this.length; i--; ) if (this[i] === item) this.splice(i, 1)
    return this
  })
  String.implement('contains', function (text) {
    return this.indexOf(text) >= 0
  })
})()

// Runs before all else on a page of this folder: keeps what the page is about to break, and notes what goes wrong.
;(() => {
  var query = new URLSearchParams(location.search)
  var NativePromise = Promise
  var beacon = navigator.sendBeacon.bind(navigator)
  var own = Object.getOwnPropertyNames
  var describe = Object.getOwnPropertyDescriptor
  var errors = (window.__errors = [])
  var said = (window.__console = [])
  var before

  function read(path) {
    var request = new XMLHttpRequest()
    request.open('GET', path, false)
    request.send()
    return request.responseText
  }

  function note(text) {
    errors.push(text)
    beacon('/errors', `${location.pathname + location.search}: ${text}`)
  }
  addEventListener('error', event => event.message && note(event.message))
  addEventListener('unhandledrejection', ({ reason }) =>
    note(`unhandled: ${(reason && reason.message) || reason}`),
  )
  addEventListener('pageshow', event => {
    __test.restored = event.persisted
  })
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    const original = console[level]
    console[level] = (...args) => {
      said.push(`${level}: ${args.map(String).join(' ')}`)
      original.apply(console, args)
    }
  }

  /** The globals, what they are, and what is on them and their prototypes. */
  function look() {
    var found = new Map()
    function add(path, object) {
      for (const name of own(object).concat(Object.getOwnPropertySymbols(object))) {
        // Another list each time in WebKit.
        if (name === 'supportedEntryTypes') continue
        const { value, get, set } = describe(object, name)
        found.set(`${path}.${String(name)}`, [value, get, set])
      }
    }
    for (const name of own(window)) {
      const { value } = describe(window, name)
      const isObject = typeof value === 'function' || name === 'JSON' || name === 'Reflect'
      found.set(name, isObject ? [value] : [])
      if (!isObject || name === 'pw') continue
      add(name, value)
      if (value.prototype) add(`${name}.prototype`, value.prototype)
    }
    add('navigator', navigator)
    add('document', document)
    add('history', history)
    return found
  }

  window.__test = {
    query,
    options: JSON.parse(query.get('init') || '{"application":"AAAAA-BBBBB"}'),
    stub: read('/snippet.js'),
    remember() {
      before = look()
    },
    /** Names of what is not as it was before the stub. */
    changes() {
      const now = look()
      const same = (a, b) => a && b && a.every((item, i) => Object.is(item, b[i]))
      return [...new Set([...before.keys(), ...now.keys()])].filter(
        key => !same(before.get(key), now.get(key)),
      )
    },
    payload: () => ({
      list: [1, 'two', [3], { four: 4 }],
      text: 'Zo\u00eb \u65e5\u672c \ud83d\ude80 </script> "\u2028"',
      deep: { yes: true, no: null },
      day: new Date(2020, 1, 29, 12, 34),
    }),
    flush: () => new NativePromise(done => pw('flush', done, 10000)),
    state: () => new NativePromise(done => pw('get', done)),
  }
})()

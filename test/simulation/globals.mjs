import { keyRange } from './database.mjs'

class Script {
  dataset = {}
  addEventListener() {}
}

class AbortController {
  signal = { onabort() {} }
  abort() {
    this.signal.onabort()
  }
}

const names =
  'window document navigator location localStorage indexedDB IDBKeyRange fetch XMLHttpRequest setTimeout clearTimeout ' +
  'setInterval clearInterval addEventListener crypto Date Math console Element HTMLScriptElement ' +
  'AbortController webkitURL TextEncoder'

/** What the tag finds in a page: the parameters of its code. */
export const globalNames = names.split(' ')

const documentOf = page => {
  const parent = { append: () => page.loadTag() }
  return {
    currentScript: null,
    get visibilityState() {
      return page.hidden ? 'hidden' : 'visible'
    },
    get readyState() {
      return page.isLoading() ? 'interactive' : 'complete'
    },
    get hidden() {
      return page.hidden
    },
    addEventListener: page.listen('document'),
    querySelector: () => null,
    createElement: () => new Script(),
    head: parent,
    documentElement: parent,
  }
}

/** The globals of `page`, in the order of their names. */
export const globalsOf = page => {
  const { world, random, window } = page
  const clear = timer => page.clearTimer(timer)
  Object.assign(window, {
    window,
    document: documentOf(page),
    navigator: {
      userAgent: 'Chrome/1',
      vendor: world.traits.webkit ? 'Apple Computer, Inc.' : 'Google Inc.',
      sendBeacon: world.network.beaconFor(page),
      locks: world.traits.locks ? world.locks.managerFor(page) : undefined,
    },
    location: { hash: '', href: 'https://shop.example/' },
    localStorage: world.localStorage.facadeFor(page),
    indexedDB: world.database.factoryFor(page),
    IDBKeyRange: keyRange,
    fetch: world.network.fetchFor(page),
    XMLHttpRequest: world.network.xhrFor(page),
    setTimeout: (act, delay, ...args) => page.setTimer(act, delay, args, false),
    clearTimeout: clear,
    setInterval: (act, delay, ...args) => page.setTimer(act, delay, args, true),
    clearInterval: clear,
    addEventListener: page.listen('window'),
    crypto: {
      getRandomValues(bytes) {
        for (let i = 0; i < bytes.length; i++) bytes[i] = random.next() * 256
        return bytes
      },
    },
    Date: world.Date,
    Math: Object.assign(Object.create(Math), { random: () => random.next() }),
    console: {
      log() {},
      warn: (...said) => world.ledger.break('no warning', said.map(String).join(' ')),
    },
    Element: Script,
    HTMLScriptElement: Script,
    AbortController,
    webkitURL: URL,
    TextEncoder,
  })
  return globalNames.map(name => window[name])
}

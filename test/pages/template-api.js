// The part of Tag Manager's template API that gtm/template.tpl uses, as its documentation describes it
// (https://developers.google.com/tag-platform/tag-manager/templates/api), over a window.
// What crosses the sandbox's border is copied; a function is wrapped. What the template has no permission for throws.

const copy = value => {
  if (typeof value === 'function') return (...args) => copy(value(...args.map(copy)))
  if (Array.isArray(value)) return value.map(copy)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]))
}

/** What `___WEB_PERMISSIONS___` allows: `{ access_globals: [{ key, read, … }], inject_script: [url], … }` */
const readPermissions = permissions => {
  const plain = ({ type, listItem, mapKey, mapValue, string, boolean }) => {
    if (type === 2) return listItem.map(plain)
    if (type !== 3) return type === 8 ? boolean : string
    return Object.fromEntries(mapKey.map(({ string }, index) => [string, plain(mapValue[index])]))
  }
  return Object.fromEntries(
    permissions.map(({ instance: { key, param } }) => [key.publicId, plain(param[0].value)]),
  )
}

/**
 * @param {object} options
 * @param {object} options.scope the page's window
 * @param {object[]} options.permissions as in the template
 * @param {(url: string) => string} [options.address] where a script really is
 * @param {Record<string, string>} [options.consent] Consent Mode: 'granted' or 'denied' by type; one that is not set is granted
 */
export function createTemplateApi({ scope, permissions, address = url => url, consent = {} }) {
  const allowed = readPermissions(permissions)
  const consentListeners = []
  const scripts = {}

  const may = {
    access_globals: (mode, key) =>
      (allowed.access_globals ?? []).some(
        one =>
          one.key === key && ['read', 'write', 'execute'].every(m => !mode.includes(m) || one[m]),
      ),
    inject_script: url => (allowed.inject_script ?? []).includes(url),
    access_consent: (type, mode) =>
      (allowed.access_consent ?? []).some(one => one.consentType === type && one[mode]),
    logging: () => allowed.logging !== undefined,
  }
  const need = (name, ...args) => {
    if (!may[name](...args)) throw new Error(`No permission ${name} ${args}`)
  }
  const at = path => path.split('.').reduce((object, key) => object?.[key], scope)
  const put = (path, value) => {
    const keys = path.split('.')
    const last = keys.pop()
    keys.reduce((object, key) => object[key], scope)[last] = value
  }
  const isGranted = type => consent[type] !== 'denied'

  const api = {
    Object: { keys: object => Object.keys(object) },

    addConsentListener(type, listener) {
      need('access_consent', type, 'read')
      consentListeners.push([type, listener])
    },
    isConsentGranted(type) {
      need('access_consent', type, 'read')
      return isGranted(type)
    },
    createArgumentsQueue(fnKey, arrayKey) {
      need('access_globals', 'readwrite', fnKey)
      need('access_globals', 'readwrite', arrayKey)
      const found = at(fnKey)
      if (found && typeof found !== 'function') return null
      if (!found) {
        let queue
        put(fnKey, function () {
          // biome-ignore lint/complexity/noArguments: that is what it queues
          queue.push(arguments)
        })
        queue = at(arrayKey)
        if (queue === undefined) put(arrayKey, (queue = []))
      }
      const fn = at(fnKey)
      return (...args) => copy(fn(...args.map(copy)))
    },
    injectScript(url, onSuccess, onFailure, cacheToken = Math.random()) {
      need('inject_script', url)
      scripts[cacheToken] ??= new Promise((resolve, reject) => {
        const script = scope.document.createElement('script')
        Object.assign(script, { async: true, src: address(url), onload: resolve, onerror: reject })
        scope.document.head.append(script)
      })
      scripts[cacheToken].then(onSuccess, onFailure)
    },
    logToConsole(...values) {
      need('logging')
      scope.console.log(...values)
    },
    queryPermission: (name, ...args) => Boolean(may[name]?.(...args)),
  }

  return {
    api,
    /** The visitor changes what a consent management platform keeps. */
    setConsent(changes) {
      for (const [type, state] of Object.entries(changes)) {
        const before = isGranted(type)
        consent[type] = state
        if (before === isGranted(type)) continue
        for (const [wanted, listener] of consentListeners) {
          if (wanted === type) listener(type, isGranted(type))
        }
      }
    },
  }
}

// Sandboxed code sees none of these.
const HIDDEN =
  'window self globalThis document location console setTimeout fetch Math JSON Date Object String Promise'

/** Fires a tag: runs the template's code with the fields as `data`. */
export function runTemplate(code, data, api) {
  const require = name => {
    if (!Object.hasOwn(api, name)) throw new Error(`No API ${name}`)
    return api[name]
  }
  new Function('require', 'data', ...HIDDEN.split(' '), code)(require, data)
}

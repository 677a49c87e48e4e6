// `?how=` what this browser lacks.
;(() => {
  const { fetch } = window
  const remove = name => () => {
    for (let owner = window; owner; owner = Object.getPrototypeOf(owner)) delete owner[name]
  }
  const how = {
    keepalive: () => {
      delete Request.prototype.keepalive
      window.fetch = (url, options) => fetch(url, { ...options, keepalive: false })
    },
    sendBeacon: () => delete Navigator.prototype.sendBeacon,
    locks: () => delete Navigator.prototype.locks,
    commit: () => delete IDBTransaction.prototype.commit,
    randomUUID: () => delete Crypto.prototype.randomUUID,
    everything: () => {
      for (const name of Object.keys(how)) if (name !== 'everything') how[name]()
    },
  }
  for (const name of [
    'indexedDB',
    'localStorage',
    'AbortController',
    'Intl',
    'navigation',
    'BroadcastChannel',
  ]) {
    how[name] = remove(name)
  }
  how[__test.query.get('how') || 'everything']()
})()

// `?how=` storage fails on this page; several are separated by commas.
;(() => {
  function refuse() {
    throw new DOMException('Not here', 'SecurityError')
  }
  const inert = name => ({ [name]: () => new EventTarget() })
  // A request that never answers keeps its transaction open, and that all others on the store.
  function hang(isHanging) {
    const { transaction } = IDBDatabase.prototype
    const open = new Set()
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const begun = transaction.call(this, stores, mode, options)
      if (!isHanging(mode)) return begun
      const objectStore = begun.objectStore(stores)
      begun.addEventListener('abort', () => open.delete(begun))
      open.add(begun)
      const turn = () => {
        if (open.has(begun)) objectStore.count().onsuccess = turn
      }
      turn()
      const silent = () => new EventTarget()
      const store = { transaction: begun }
      for (const name of ['get', 'getAll', 'put', 'delete', 'count', 'clear']) store[name] = silent
      begun.commit = () => {}
      begun.objectStore = () => store
      return begun
    }
  }
  const noLocal = get => Object.defineProperty(window, 'localStorage', { configurable: true, get })
  const noDatabase = get => Object.defineProperty(window, 'indexedDB', { configurable: true, get })
  const how = {
    'no database': () => noDatabase(() => undefined),
    'no database allowed': () => noDatabase(refuse),
    'open throws': () => (IDBFactory.prototype.open = refuse),
    'open hangs': () => Object.assign(IDBFactory.prototype, inert('open')),
    'open fails': () => {
      IDBFactory.prototype.open = () => {
        const request = {}
        setTimeout(() => request.onerror?.({ target: request }), 20)
        return request
      }
    },
    'writing hangs': () => hang(mode => mode === 'readwrite'),
    'all hangs': () => hang(() => true),
    'put throws': () => (IDBObjectStore.prototype.put = refuse),
    'transactions throw': () => (IDBDatabase.prototype.transaction = refuse),
    'no local storage': () => noLocal(() => undefined),
    'local storage is null': () => noLocal(() => null),
    'no local storage allowed': () => noLocal(refuse),
    'local storage is full': () => (Storage.prototype.setItem = refuse),
    // As Safari 26 gives it to scripts that it takes for trackers.
    'local storage swallows all': () => {
      Storage.prototype.setItem = Storage.prototype.removeItem = () => {}
      Storage.prototype.getItem = () => null
    },
  }
  for (const name of (__test.query.get('how') || 'no database').split(',')) how[name]()
})()

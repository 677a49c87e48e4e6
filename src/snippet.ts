/**
 * The stub that a page inlines: ES5, nothing imported. It queues each call with its time, loads `pw.js`, and keeps the calls
 * in localStorage as they are made (`spool.ts` reads them), since a page may leave before `pw.js` is there. At each call,
 * not at the leaving: WebKit fires no `pagehide` while a page is still loading.
 * Nothing is kept before an `init` has been seen that allows it.
 */
interface Call {
  [index: number]: any
  /** When it was made, ms since 1970. */
  t: number
  /** Set while it is in the spool, if that could be written. */
  k?: number
}

interface Stub {
  (): void
  /** Whether the spool could be written. */
  k?: 0 | 1
}

type Callback = (delivered: boolean) => void

// @ts-expect-error: shorter than parentheses
!(function (w: any, d: any, address: string) {
  var found = w.pw || 0
  var queue: Call[] = (found.q || 0).splice ? found.q : []
  var next = 0
  var text = ''
  /** Of `init`; later, of the first one that has an application. */
  var options: any
  var consent: string
  var prefix = 'pw-tag'
  var name = prefix + '.spool' + +new Date() + Math.random()
  var script = d.createElement('script')

  /** Passes over `toJSON` of the prototypes, as `json.ts` does; leaves it to the tag to write dates, and to leave NaN out. */
  function carry(this: any, key: string, value: unknown) {
    var raw = this[key]
    return raw instanceof Date || raw !== raw || raw === 1 / 0 || raw === -1 / 0
      ? { $d: +raw + '' }
      : raw && (raw.splice || raw.trim || raw.toJSON == d.toJSON)
        ? raw
        : value
  }

  function keep(call: Call, command: string, argument: unknown) {
    text += ',' + JSON.stringify([call.t, command, argument, call[2]], carry)
  }

  function spool() {
    var storage = localStorage
    var call: any
    for (; next < queue.length; ) {
      call = queue[next++]
      if (!options && call[0] == 'init' && call[1].application) {
        options = call[1]
        consent =
          options.gpc && (navigator as any).globalPrivacyControl
            ? 'denied'
            : options.consent || 'granted'
        if (options.userId) keep(call, 'register', options.userId)
        // The calls before it were waiting for this.
        next = 0
      } else if (options) {
        if (call[0] == 'consent') consent = call[1]
        if (consent == 'denied') text = ''
        else if (/^[er]/.test(call[0])) {
          // A tag manager's own queue knows no times.
          call.t = call.t || +new Date()
          keep(call, call[0], call[1])
          call.k = 1
        }
      }
    }
    ;(stub as Stub).k = 0
    storage.removeItem(name)
    if (
      text &&
      consent == 'granted' &&
      !d.prerendering &&
      // The spools of 100 pages at the most.
      !(Object.keys(storage) + '').split(prefix)[99]
    ) {
      storage.setItem(name, '["' + options.application + '"' + text + ']')
      ;(stub as Stub).k = 1
    }
  }

  function stub(): void {
    var call = arguments as unknown as Call
    call.t = +new Date()
    if (!stub.v && call[0] == 'flush') guard(call, 2e3)
    queue.push(call)
    if (!stub.v) {
      try {
        spool()
      } catch (e) {}
    }
  }

  /** A page may go on only when `flush` answers: it does, whatever becomes of `pw.js`. */
  function guard(call: Call, delay: number) {
    var i = 3
    var callback: Callback | 0
    function once(delivered: unknown) {
      if (callback) callback(delivered == 1)
      callback = 0
    }
    for (; --i; ) {
      if (call[i] > 0) delay = call[i]
      else if ((call[i] || 0).call) {
        callback = call[i]
        call[i] = once
      }
    }
    script.addEventListener('error', once)
    setTimeout(once, (address && delay) as number)
  }

  // Whatever else is called `pw` has no `v`.
  if (!(found.v + 1)) {
    w.pw = stub
    stub.q = queue
    stub.v = 0
    // From here on, no address says that `pw.js` doesn't come.
    script.onerror = function () {
      address = 0 as never
    }
    script.nonce = (d.currentScript || 0).nonce
    try {
      try {
        script.src = w.trustedTypes
          .createPolicy(prefix, { createScriptURL: String })
          .createScriptURL(address)
      } catch (e) {
        script.src = address
      }
      d.head.append(script)
    } catch (e) {
      address = 0 as never
    }
  }
})(window, document, 'PW_SRC')

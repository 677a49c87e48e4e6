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
  /** Its place in the queue, from 1, if it belongs into the spool. */
  k?: number
}

interface Stub {
  (): void
  /** Up to which place in the queue the spool could be written. */
  k?: number
}

type Callback = (delivered: boolean) => void

// @ts-expect-error: shorter than parentheses
!(function (w: any, d: any, address: string) {
  // Not an element or a frame of that name: those are inherited.
  // biome-ignore lint/suspicious/noPrototypeBuiltins: ES5 has no other that is as short
  var found = (w.hasOwnProperty('pw') && w.pw) || 0
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

  function keep(call: Call) {
    // A tag manager's own queue knows no times.
    text +=
      ',' + JSON.stringify([(call.t = call.t || +new Date()), call[0], call[1], call[2]], carry)
  }

  function spool() {
    var storage = localStorage
    var call: any
    for (; next < queue.length; ) {
      call = queue[next++]
      if (options) {
        // The tag erases the spool where it finds a denial, so that what comes after one is kept in the queue alone.
        if (consent != 'denied') {
          if (call[0] == 'consent') consent = call[1]
          else if (/^[er]/.test(call[0])) {
            keep(call)
            call.k = next
          }
        }
      } else if (call[0] == 'init' && call[1].application) {
        options = call[1]
        consent =
          options.gpc && (navigator as any).globalPrivacyControl
            ? 'denied'
            : options.consent || 'granted'
        // The tag registers this user too, as it finds `init`: both before what is called in the same millisecond.
        if (options.userId) keep({ 0: 'register', 1: options.userId, t: --call.t })
        // The calls before it were waiting for this.
        next = 0
      }
    }
    ;(stub as Stub).k = 0
    delete storage[name]
    if (
      text &&
      consent == 'granted' &&
      d.prerendering != true &&
      // The spools of 100 pages at the most.
      !(Object.keys(storage) + '').split(prefix)[99]
    ) {
      storage[name] = '["' + options.application + '"' + text + ']'
      ;(stub as Stub).k = next
    }
  }

  function stub(): void {
    var call = arguments as unknown as Call
    var i = 3
    var delay = 2e3
    var callback: Callback | 0
    function once(delivered: unknown) {
      var first = callback
      callback = 0
      if (first) first(delivered == 1)
    }
    call.t = +new Date()
    queue.push(call)
    if (!stub.v) {
      try {
        if (call[0] == 'flush') {
          // A page may go on only when it answers: it does, whatever becomes of `pw.js`.
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
        spool()
      } catch (e) {}
    }
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

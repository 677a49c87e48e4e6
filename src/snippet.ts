/**
 * The stub that a page inlines: ES5, nothing imported. It queues each call with its time, loads `pw.js`, and keeps the calls
 * in localStorage as they are made (`spool.ts` reads them), since a page may leave before `pw.js` is there. At each call,
 * not at the leaving: WebKit fires no `pagehide` while a page is still loading. In spools of 50 calls, so that a call costs
 * the same with a thousand before it. Nothing is kept before an `init` has been seen that allows it.
 */
type Call = { [index: number]: any; readonly length: number; t: number }

interface Stub {
  (): void
  q: Call[]
  /** 0: a stub; a tag that runs has its version here. */
  v: string | 0
  /** Set while all calls are in spools. */
  k?: string
}

// @ts-expect-error: shorter than parentheses
!((w: any, d: Document, address: string) => {
  var found = w.pw
  var queue: Call[] = found && found.q && found.q.splice ? found.q : []
  var next = 0
  var options: any
  var consent: string
  var items: unknown[] | undefined
  var name: string | undefined
  var names: string[] = []
  var stopped: unknown
  var flushes: ((delivered: boolean) => void)[] = []
  var failed: unknown
  var script: HTMLScriptElement

  /** What is made of a Date, of NaN, of Array.prototype.toJSON and the like: the same as in `json.ts`. */
  function carry(this: any, key: string, value: unknown) {
    var raw = this[key]
    return raw instanceof Date
      ? new Date(+raw - raw.getTimezoneOffset() * 6e4).toISOString().slice(0, 16).replace('T', ' ')
      : typeof raw == 'number' && !isFinite(raw)
        ? undefined
        : raw && (raw.splice || raw.trim || raw.toJSON == queue.constructor.prototype.toJSON)
          ? raw
          : value
  }

  function write() {
    if (items && consent == 'granted' && !(d as any).prerendering) {
      if (!name) {
        if ((Object.keys(localStorage) + '').split('pw-tag.spool').length > 100) throw 0
        names.push((name = 'pw-tag.spool.' + +new Date() + Math.random()))
      }
      localStorage.setItem((stub.k = name), JSON.stringify(items, carry))
    }
  }

  function forget() {
    for (items = name = stub.k = undefined; names[0]; ) localStorage.removeItem(names.pop()!)
  }

  function spool() {
    var call: Call
    var isInit
    var i = 0
    for (; !options && (call = queue[i++]); ) {
      if (call[0] == 'init' && (options = call[1])) {
        consent =
          options.consent ||
          (options.gpc && (navigator as any).globalPrivacyControl ? 'denied' : 'granted')
      }
    }
    for (; options && (call = queue[next]); next++) {
      if (call[0] == 'consent') consent = call[1]
      isInit = call[1] == options
      if (consent == 'denied') forget()
      else if (isInit ? options.userId : /^(event|re)/.test(call[0])) {
        if (items && items.length > 50) {
          write()
          items = name = undefined
        }
        items = items || [options.application]
        items.push([
          call.t,
          -60 * new Date(call.t).getTimezoneOffset(),
          isInit ? 'register' : call[0],
          isInit ? options.userId : call[1],
          call[2],
        ])
      }
    }
    write()
  }

  /** A page may go on only when `flush` answers: it does, whatever becomes of `pw.js`. */
  function guard(call: Call) {
    var told: unknown
    var delay = 2000
    var i = 3
    var callback: (delivered: boolean) => void
    function once(delivered: boolean) {
      if (!told) {
        told = 1
        callback(delivered)
      }
    }
    for (; --i; ) {
      if (typeof call[i] == 'number') delay = call[i]
      else if (typeof call[i] == 'function') {
        callback = call[i]
        call[i] = once
        flushes.push(once)
      }
    }
    if (callback!) setTimeout(once, failed ? 0 : delay, false)
  }

  var stub = function () {
    var call = arguments as unknown as Call
    call.t = +new Date()
    if (!stub.v && call[0] == 'flush') guard(call)
    queue.push(call)
    if (!stub.v && !stopped) {
      try {
        spool()
      } catch (e) {
        stopped = 1
        try {
          forget()
        } catch (e) {}
      }
    }
  } as Stub

  function fail() {
    failed = 1
    for (; flushes[0]; ) setTimeout(flushes.pop()!, 0, false)
  }

  if (!(found && found.v != null)) {
    stub.q = queue
    stub.v = 0
    w.pw = stub
    script = d.createElement('script')
    script.async = true
    script.onerror = fail
    script.nonce = ((d.querySelector('script[nonce]') || {}) as HTMLElement).nonce
    try {
      address = w.trustedTypes
        .createPolicy('pw-tag', { createScriptURL: (url: string) => url })
        .createScriptURL(address)
    } catch (e) {}
    try {
      script.src = address
      ;(d.head || d.documentElement).appendChild(script)
    } catch (e) {
      fail()
    }
  }
})(window, document, 'PW_SRC')

/** The quota of a page for requests that outlive it, in bytes (as the fetch standard has it). */
const QUOTA = 65_536

const answer = (status, code, retryAfter = null) => ({
  status,
  text: async () => `{"status_code":${code},"status_message":"simulated","response":null}`,
  headers: { get: () => retryAfter },
})

/** The network and the API behind it, in whatever mood they are. */
export class Network {
  /** One of: ok, error, refused, hang, slow, lost, stranger; `share` of the requests meet it, the others are well. */
  mood = { kind: 'ok', share: 1 }

  constructor(world) {
    this.world = world
  }

  fetchFor(page) {
    return (url, { body, signal }) => {
      if (page.dead) return new Promise(() => {})
      if (page.keptBytes + body.length > QUOTA) {
        return Promise.reject(new TypeError('Failed to fetch'))
      }
      return new Promise((resolve, reject) => {
        const flight = this.send(page, url, body, 'keepalive')
        flight.resolve = resolve
        flight.reject = reject
        signal.onabort = () => this.stop(flight)
      })
    }
  }

  xhrFor(page) {
    const network = this
    return class {
      status = 0
      responseText = ''
      headers = ''
      open(_, url) {
        this.url = url
      }
      setRequestHeader() {}
      getAllResponseHeaders() {
        return this.headers
      }
      send(body) {
        if (page.dead) return
        this.flight = network.send(page, this.url, body, 'plain')
        this.flight.reject = () => this.onloadend()
        this.flight.resolve = async ({ status, text, headers }) => {
          this.status = status
          this.responseText = await text()
          this.headers = headers.get() ? `retry-after: ${headers.get()}\r\n` : ''
          this.onloadend()
        }
      }
      abort() {
        network.stop(this.flight)
      }
    }
  }

  beaconFor(page) {
    return (url, body) => {
      if (page.dead || page.keptBytes + body.length > QUOTA) return false
      this.send(page, url, body, 'beacon')
      return true
    }
  }

  send(page, url, body, kind) {
    const { world } = this
    const { request } = JSON.parse(body)
    const flight = {
      page,
      kind,
      request,
      method: url.slice(url.lastIndexOf('/') + 1),
      event: world.ledger.events.get(request.event),
      kept: kind !== 'plain',
      bytes: kind === 'plain' ? 0 : body.length,
      since: world.now,
      arrived: false,
      over: false,
      left: page.left,
      failed: false,
      luck: page.random.next(),
    }
    page.keptBytes += flight.bytes
    page.flights.add(flight)
    world.flights.add(flight)
    world.note(page, `${kind} ${request.event || request.userId || flight.method}`, request.event)
    world.ledger.send(flight)
    world.scheduler.in(page.random.between(2, world.traits.netMs), () => this.arrive(flight))
    return flight
  }

  /** Aborted by the page, or with it. */
  stop(flight) {
    if (flight.over) return
    flight.gone = flight.luck < 0.5
    flight.failed = true
    this.end(flight, () => flight.reject?.(new Error('AbortError')))
  }

  arrive(flight) {
    const { world } = this
    const { kind, share } = this.mood
    const mood = flight.luck <= share ? kind : 'ok'
    if (flight.gone) return
    const { random } = flight.page
    const back = random.between(2, world.traits.netMs)
    const accept = () => {
      flight.arrived = true
      world.note(
        flight.page,
        `API takes ${flight.request.event || flight.method}`,
        flight.request.event,
      )
      world.ledger.accept(flight)
    }
    const fail = () => {
      flight.failed = true
      flight.cut = flight.kind === 'keepalive' && (mood === 'refused' || mood === 'lost')
    }
    if (mood === 'hang') fail()
    else if (mood === 'refused') {
      fail()
      this.later(flight, back, () => flight.reject?.(new TypeError('Failed to fetch')))
    } else if (mood === 'lost') {
      accept()
      fail()
      this.later(flight, back, () => flight.reject?.(new TypeError('Failed to fetch')))
    } else if (mood === 'error' || mood === 'later') {
      fail()
      const response = answer(503, 503, mood === 'later' ? `${1 + random.below(40)}` : null)
      this.later(flight, back, () => flight.resolve?.(response))
    } else if (mood === 'slow') {
      world.scheduler.in(random.between(500, 8_000), () => {
        if (flight.gone) return
        accept()
        this.later(flight, random.between(100, 8_000), () => flight.resolve?.(answer(200, 200)))
      })
    } else {
      accept()
      this.later(flight, back, () => flight.resolve?.(answer(200, 200)))
    }
    world.onArrival?.(flight)
  }

  later(flight, delay, tell) {
    this.world.scheduler.in(delay, () => {
      if (!flight.muted || flight.page.dead) this.end(flight, tell)
    })
  }

  /** As WebKit does when a page is to be left: it hears no more of what was to outlive it, and the rest is ended. */
  mute(page) {
    for (const flight of page.flights) {
      if (flight.kept) flight.muted = true
      else {
        if (flight.event && !flight.over) flight.event.mayDouble = 'ended with the page to be left'
        this.stop(flight)
      }
    }
  }

  end(flight, tell) {
    const { page } = flight
    if (!this.world.flights.delete(flight)) return
    page.keptBytes -= flight.bytes
    this.world.scheduler.in(
      0,
      () => {
        this.world.ledger.answer(flight)
        tell()
      },
      page,
    )
  }

  /** A page has left: the browser goes on with what was to outlive it, and with nothing else. */
  leave(page) {
    for (const flight of page.flights) {
      if (!flight.over && !flight.kept) flight.gone = !flight.arrived
      if (flight.muted && flight.arrived) this.world.flights.delete(flight)
    }
  }

  /** A kill takes with it what had not been sent yet. */
  kill(random, page) {
    for (const flight of this.world.flights) {
      if (!flight.arrived && (!page || (flight.page === page && !flight.kept))) {
        flight.gone = random.chance(0.5)
      }
    }
  }
}

/** A flight of this age is over for the page, or may be: SPEC 5 lets its event go again. */
const TIMEOUT_MS = 10_000

/**
 * A failure tells of flights that were under way when a page left if it began no later after that than the page had heard
 * nothing before it, and this.
 */
const DOUBT_MS = 1_000

/** A page's clock shows whole milliseconds. */
const TICK_MS = 2

/** A flight without an answer for so long tells the page that something is wrong with the API. */
const SUSPECT_MS = 2_000

/** Pages that have waited for longer, in all, and heard nothing, have done so in vain; less so many times as long as an answer takes, each. */
const IN_VAIN_MS = 2_000
const PATIENCE = 4

/** The page has no time to see an answer, or a failure, through: not to be had to the millisecond. */
const MOMENT_MS = 1_000

/** How long it may take until a tab has heard what another one writes into localStorage. */
const HEARSAY_MS = 100

/** For so long after a registration was called, none of a page that opened later is under way. */
const SETTLE_MS = 1_000

/** For how long after a failure a page may be careful. */
const REMEMBERED_MS = 20_000

/** A call that lives for so long on its page survives the kill of the browser (SPEC 5). */
const SAVED_MS = 2_000

const DOUBTFUL = 'left in flight, and no failure of the API was heard of next'

const FAILING = 'left in flight to an API that had begun to fail'

const DAYS_7_MS = 7 * 86_400_000

/** What was called, what arrived, and what SPEC 5 forgives. */
export class Ledger {
  events = new Map()
  called = 0
  delivered = 0
  lost = 0
  doubled = 0
  forgiven = { lost: 0, doubled: 0 }
  outstanding = new Set()
  /** In flight when their page left, until more is heard of the API: what then decides whether they may be lost, or doubled. */
  doubtful = new Set()
  /** For how long each page that left meanwhile had been waiting, and whether it is sure to have noted that. */
  waits = []
  settled = []
  registrations = []
  registeredAt = []
  lastRegistration = -1
  /** What it came with. */
  lastRegistrationFlight = undefined
  /** When any page saw the API fail, and when it saw it answer. */
  failureSeenAt = Number.NEGATIVE_INFINITY
  answerSeenAt = Number.NEGATIVE_INFINITY
  /** The same without network errors under keepalive, which may have been its quota: the page tries again without. */
  failureKnownAt = Number.NEGATIVE_INFINITY
  hwid = undefined
  broken = undefined

  constructor(world) {
    this.world = world
  }

  break(promise, detail, event) {
    if (!this.broken) this.broken = { promise, detail, event, time: this.world.elapsed() }
  }

  call(name, page) {
    const event = {
      name,
      page,
      time: Math.floor(this.world.now),
      lived: page.lived(),
      arrivals: 0,
      mayDouble: undefined,
      mayLose: undefined,
      flights: new Set(),
    }
    this.called++
    this.events.set(name, event)
    this.outstanding.add(event)
    this.world.note(page, `calls ${name}`, name)
    if (this.outstanding.size > 1_000) {
      for (const old of this.outstanding) old.mayLose = 'outbox full'
    }
  }

  register(userId) {
    this.registrations.push(userId)
    this.registeredAt.push(Math.floor(this.world.now))
  }

  /** `flight` begins. */
  send(flight) {
    const { event } = flight
    if (!event) return
    const { now } = this.world
    for (const other of event.flights) {
      const fresh = now - other.since < TIMEOUT_MS && !event.mayDouble
      if (fresh && !other.page.dead && !other.left && !other.over) {
        const who = other.page === flight.page ? 'one page' : 'two pages'
        this.break('one owner', `${event.name} is in flight twice, from ${who}`, event)
      }
    }
    event.flights.add(flight)
  }

  accept(flight) {
    const { request, event } = flight
    if (!this.hwid) this.hwid = request.hwid
    if (request.hwid !== this.hwid && !this.world.forgetful) {
      this.break('one HWID', `${request.hwid} after ${this.hwid}`, event)
    }
    if (event) this.acceptEvent(event, request)
    else if (flight.method === 'registerUser') this.acceptRegistration(flight)
    else this.break('only what was called', JSON.stringify(request))
  }

  acceptEvent(event, { timestampUTC }) {
    event.arrivals++
    if (timestampUTC !== Math.floor(event.time / 1_000)) {
      this.break('the time of the call', `${event.name} says ${timestampUTC}`, event)
    }
    if (event.arrivals === 1) {
      this.delivered++
      this.outstanding.delete(event)
    } else if (event.mayDouble) this.forgiven.doubled++
    else {
      this.doubled++
      this.break('never doubled', `${event.name} arrived again`, event)
    }
  }

  acceptRegistration(flight) {
    const { userId } = flight.request
    const index = this.registrations.findLastIndex(
      (user, i) => user === userId && !(this.registeredAt[i] > flight.since),
    )
    const calledAt = this.registeredAt[index]
    const isOlder = calledAt < this.registeredAt[this.lastRegistration]
    // Where there is no localStorage, tabs don't hear of each other.
    if (isOlder && this.world.traits.localStorage && !this.mayBeOvertaken(flight, calledAt)) {
      this.break('newest registration last', `${userId} arrived late`)
    }
    if (index >= this.lastRegistration) this.lastRegistrationFlight = flight
    this.lastRegistration = Math.max(index, this.lastRegistration)
  }

  /** By the one that arrived last, which was under way at the same time: then the network decides. */
  mayBeOvertaken({ left, since }, calledAt) {
    const last = this.lastRegistrationFlight
    // A page that opened later waits for it a while.
    if (left) return last.page.openedAt <= since || this.world.now >= calledAt + SETTLE_MS
    return since <= last.since + HEARSAY_MS
  }

  /** The page learns how `flight` ended. */
  answer(flight) {
    const { now } = this.world
    const { event } = flight
    flight.over = true
    flight.answeredAt = now
    // Of what was in flight when its page left, the page hears no more.
    if (!flight.left) this.hear(flight)
    if (!event) return
    if (flight.arrived && flight.failed) event.mayDouble = 'its answer was lost'
    if (now - flight.since >= TIMEOUT_MS) event.mayDouble = 'its answer came after 10 s'
  }

  hear(flight) {
    const { now } = this.world
    if (!flight.failed) this.answerSeenAt = flight.page.answeredAt = flight.page.heardAt = now
    else this.failureSeenAt = now
    this.judge(flight)
    // Network errors under keepalive may have been its quota: the page tries again without.
    if (flight.cut) flight.page.cutAt = now
    else if (flight.failed) {
      this.failureKnownAt = flight.page.failedAt = now
      flight.page.heardAt = flight.since
    }
  }

  /** `flight` is the first that is heard of after these had been left in flight. */
  judge({ failed, since }) {
    const [least, most] = this.inVain(failed ? 0 : PATIENCE * (this.world.now - since))
    for (const { event, until } of this.doubtful) {
      this.settled.push({ event, until })
      if (most < IN_VAIN_MS && (!failed || since > until + TICK_MS)) continue
      event.mayDouble = FAILING
      const isSure = least > IN_VAIN_MS || (failed && since < until - TICK_MS)
      if (isSure && event.mayLose === DOUBTFUL) event.mayLose = undefined
    }
    this.doubtful.clear()
    this.waits = []
  }

  /** For how long pages have waited in vain, in all, if each had had so much patience: at least, and at the most. */
  inVain(patience) {
    let [least, most] = [0, 0]
    for (const { waited, isSure } of this.waits) {
      const rest = waited - patience
      least += isSure ? rest - TICK_MS : Math.min(0, rest)
      most += isSure ? rest + TICK_MS : Math.max(0, rest)
    }
    return [least, most]
  }

  /**
   * Whether `page` has reason to think that the API is away: what one has seen is heard by the others a little later, or where
   * there is no localStorage, never.
   */
  looksDown(page) {
    const { traits, now } = this.world
    if (!traits.localStorage && page.failedAt > page.answeredAt) return true
    return this.failureSeenAt > Math.min(this.answerSeenAt, now) - REMEMBERED_MS
  }

  /** Whether every page knows for sure that the API is away. */
  isKnownDown() {
    const since = this.failureKnownAt
    return since > this.answerSeenAt && since < this.world.now - MOMENT_MS
  }

  /** Without localStorage a page that ends has nowhere to put what it has, and can't know of others that the API is away. */
  forgive(page) {
    if (this.world.traits.localStorage) return
    const flown = new Set(Array.from(page.flights, ({ event }) => event))
    for (const event of this.outstanding) {
      if (event.page === page || flown.has(event)) event.mayLose = 'left without localStorage'
    }
  }

  /** `page` leaves: what it has in flight counts as delivered while the API answers (SPEC 5). */
  leave(page) {
    const { now } = this.world
    this.forgive(page)
    // Not those of before the back/forward cache, of which the page hears no more.
    const mine = [...page.flights].filter(({ over, left }) => !over && !left)
    const isOlder = (since, ms) => now - since > ms
    const slow = mine.some(({ since }) => isOlder(since, SUSPECT_MS))
    // The page's clock shows whole milliseconds, and may have been short of it.
    const silent = mine.some(({ since }) => isOlder(Math.max(since, page.heardAt), SUSPECT_MS + 1))
    const suspect = page.cutAt > Math.max(page.answeredAt, page.failedAt) || silent
    const waited = mine.map(({ since }) => now - Math.max(since, page.heardAt))
    if (page.flights.size) {
      const isSure = !this.looksDown(page) && !slow && !suspect && mine.every(({ kept }) => kept)
      this.waits.push({ waited: Math.max(0, ...waited), isSure: isSure && mine.length > 0 })
      // What is called in `pagehide` may be noted apart, as not having been waited for.
      for (const { kind, since } of page.flights) {
        if (kind === 'beacon' && since === now) this.waits.push({ waited: 0, isSure: false })
      }
    }
    for (const flight of page.flights) {
      // Those of before the back/forward cache have been told of.
      if (flight.over || flight.parted) continue
      flight.parted = flight.left = true
      if (!flight.event) continue
      if (this.looksDown(page) || slow || !flight.kept) {
        flight.event.mayDouble = FAILING
      }
      if (!this.isKnownDown() && !suspect) {
        flight.event.mayLose ??= DOUBTFUL
        this.doubtful.add({ event: flight.event, until: now + DOUBT_MS + now - page.heardAt })
      }
    }
  }

  /** `page` is gone without a word: what it has in flight counts as delivered, unless the API is known to fail. */
  letGo(page) {
    this.forgive(page)
    const { now } = this.world
    // Of what has failed just now, it has had no time to store it.
    const open = [...page.flights].filter(
      ({ over, left, event, answeredAt }) =>
        event && !left && (!over || now - answeredAt < MOMENT_MS),
    )
    const flown = new Set(open.map(({ event }) => event))
    for (const event of this.outstanding) {
      const isNowhere = event.page === page && !this.world.find(event.name)
      if (flown.has(event) || isNowhere) event.mayLose ??= 'let go while it was loading'
    }
    const isStored = this.looksDown(page) || !this.world.traits.localStorage
    for (const { event, kept } of open) if (isStored || !kept) event.mayDouble = FAILING
    for (const flight of page.flights) flight.parted = flight.left = true
  }

  /** What `page` has in flight, or had only just heard of when it last ran, may come twice. */
  forgiveFlights({ flights, frozen, frozenAt }, why) {
    const ranAt = frozen ? frozenAt : this.world.now
    for (const { event, over, answeredAt } of flights) {
      const isOpen = !over || ranAt - answeredAt < MOMENT_MS
      if (isOpen && event) event.mayDouble = why
    }
  }

  /** What a page sends while WebKit may let it go without a word, is in its memory alone: also what is to be sent once more. */
  forgiveLoading({ flights, openedAt, options }) {
    const { now, traits } = this.world
    const loadedAt = openedAt + options.loadMs
    // Once it has loaded, it is stored like what is called then.
    if (!traits.webkit || now > loadedAt + SAVED_MS) return
    for (const { event, over, since, answeredAt } of flights) {
      const isOpen = !over || now - answeredAt < MOMENT_MS
      // Whether the page has loaded is asked before the claim.
      if (event && isOpen && since < loadedAt + MOMENT_MS)
        event.mayLose = 'killed, sent while loading'
    }
  }

  /** `page` is frozen: without locks its leases run out, and its answers come too late. */
  freeze(page) {
    if (!this.world.traits.locks) this.forgiveFlights(page, 'frozen in flight')
  }

  /** `page` is killed, alone or with the browser. */
  kill(page, isBrowser) {
    const { now } = this.world
    this.forgive(page)
    this.forgiveFlights(page, 'killed in flight')
    this.forgiveLoading(page)
    for (const event of this.outstanding) {
      const limit = SAVED_MS + (page.hidden ? MOMENT_MS : 0)
      const isYoung =
        event.page === page && !page.left
          ? page.lived() - event.lived < limit
          : isBrowser && now - event.time < SAVED_MS
      if (isYoung) event.mayLose = 'killed within 2 s'
      for (const flight of event.flights) {
        if (isBrowser && flight.left && !flight.over) event.mayLose = 'handed over, then killed'
      }
    }
    if (!isBrowser) return
    for (const wait of this.waits) wait.isSure = false
    for (const { event, until } of this.settled) {
      if (now < until + TICK_MS) event.mayDouble = 'killed before what became of it was written'
    }
    // Who was registered last may have been forgotten, and with it the order.
    this.registeredAt = this.registeredAt.map(at => (now - at < SAVED_MS ? Number.NaN : at))
    // What a page has done as it left may have been undone.
    for (const { event } of this.world.flights) if (event) event.mayDouble = 'killed in flight'
    for (const { body } of this.world.database.records.values.values()) {
      const event = body && this.events.get(JSON.parse(body).request.event)
      if (event?.arrivals) event.mayDouble = 'killed before its end was written'
    }
  }

  /** At the end: what has not arrived. */
  close() {
    for (const event of this.outstanding) {
      if (event.mayLose || this.world.now - event.time > DAYS_7_MS) {
        this.forgiven.lost++
        continue
      }
      this.lost++
      const where = this.world.find(event.name)
      this.break('never lost', `${event.name} is ${where ? `stuck in ${where}` : 'nowhere'}`, event)
    }
  }
}

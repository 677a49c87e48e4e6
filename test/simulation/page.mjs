import { globalsOf } from './globals.mjs'
import { Random } from './random.mjs'

/** So long before it began, a page takes itself to have heard of the API. */
const UNHEARD_MS = 2_000

/** One page: what the tag sees of the browser, and when it gets its turn. */
export class Page {
  window = {}
  listeners = { window: {}, document: {} }
  transactions = new Set()
  flights = new Set()
  keptBytes = 0
  dead = false
  /** Has had its `pagehide`. */
  left = false
  frozen = false
  frozenAt = undefined
  cached = false
  hidden = false
  stalledUntil = 0
  heldBack = []
  sleptMs = 0
  calls = 0
  sleepsSince = undefined
  answeredAt = Number.NEGATIVE_INFINITY
  /** When it last heard of the API, or its tag began. */
  heardAt = 0
  /** When it last heard of a network error that may have been its quota. */
  cutAt = Number.NEGATIVE_INFINITY
  /** When it knew for sure that a request had failed. */
  failedAt = Number.NEGATIVE_INFINITY

  constructor(world, id, seed, options) {
    this.world = world
    this.id = id
    this.random = new Random(seed)
    this.options = options
    this.openedAt = world.now
    this.idbHangs = options.idbHangs
    this.globals = globalsOf(this)
  }

  /** How long it has been able to do something, in ms. */
  lived() {
    const { now } = this.world
    const asleep = this.sleepsSince === undefined ? 0 : now - this.sleepsSince
    return now - this.openedAt - this.sleptMs - asleep
  }

  isLoading() {
    return this.world.now - this.openedAt < this.options.loadMs
  }

  sleep() {
    if (this.sleepsSince === undefined) this.sleepsSince = this.world.now
  }

  awake() {
    if (this.sleepsSince !== undefined) this.sleptMs += this.world.now - this.sleepsSince
    this.sleepsSince = undefined
  }

  /** Asked by the scheduler before it runs a task: a page that is frozen or busy does it later. */
  holdBack(task) {
    if (this.frozen) this.heldBack.push(task)
    else if (this.stalledUntil > this.world.now) {
      this.world.scheduler.at(this.stalledUntil, () => task.off || task.run(), this)
    } else return false
    return true
  }

  freeze() {
    this.frozen = true
    this.frozenAt = this.world.now
    this.sleep()
  }

  thaw() {
    if (!this.frozen) return
    this.frozen = false
    this.awake()
    for (const task of this.heldBack.splice(0)) {
      this.world.scheduler.at(this.world.now, () => task.off || task.run(), this)
    }
  }

  stall(ms) {
    this.sleptMs += ms
    this.stalledUntil = this.world.now + ms
  }

  /** Runs code of the page's or the tag's; nothing that it does may throw. */
  guard(run) {
    try {
      return run()
    } catch (error) {
      this.world.ledger.break('no uncaught error', error.stack)
    }
  }

  dispatch(target, type, event = {}) {
    for (const listener of (this.listeners[target][type] || []).slice()) {
      this.guard(() => listener({ type, ...event }))
    }
  }

  listen(target) {
    const map = this.listeners[target]
    return (type, listener) => {
      map[type] = [...(map[type] || []), listener]
    }
  }

  /** Timers of a hidden page are late by up to a second. */
  due(delay) {
    const due = this.world.now + Math.max(1, delay || 0)
    return this.hidden ? Math.ceil(due / 1_000) * 1_000 : due
  }

  setTimer(act, delay, args, repeats) {
    const timer = {}
    const set = () => {
      timer.task = this.world.scheduler.at(this.due(delay), run, this)
    }
    const run = () => {
      if (timer.off) return
      if (repeats) set()
      this.guard(() => act(...args))
    }
    set()
    return timer
  }

  clearTimer(timer) {
    if (!timer) return
    timer.off = true
    timer.task.off = true
  }

  /** The script of the tag arrives after a while. */
  loadTag() {
    const { tagMs, twice } = this.options
    const run = () => this.runTag()
    this.world.scheduler.in(tagMs, run, this)
    if (twice) this.world.scheduler.in(tagMs + this.random.between(0, 300), run, this)
  }

  runTag() {
    if (!this.listensLast) this.heardAt = this.world.now - UNHEARD_MS
    this.guard(() => this.world.code.tag(...this.globals))
    if (!this.listensLast) {
      this.listensLast = true
      this.listen('window')('pagehide', () => this.onLastCalls?.())
    }
  }

  runStub() {
    this.guard(() => this.world.code.stub(...this.globals))
  }

  call(...args) {
    this.guard(() => this.window.pw?.(...args))
  }

  /** Runs `act` as what a click leads to. */
  click(act) {
    this.window.event = { view: this.window }
    act()
    this.window.event = undefined
  }
}

import { Browser } from './browser.mjs'
import { Database } from './database.mjs'
import { Ledger } from './ledger.mjs'
import { LocalStorage } from './local-storage.mjs'
import { Locks } from './locks.mjs'
import { Network } from './network.mjs'
import { Scheduler } from './scheduler.mjs'

const START = Date.UTC(2026, 0, 5, 12)

/** After the last action, how long a page stays open while the API is well, before something counts as lost. */
const PATIENCE_MS = 20 * 60_000

/** And how long after all has arrived, to see whether it arrives again. */
const ECHO_MS = 45_000

/** What a history may take, and more for each second that it lasts; a tag that spins takes more. */
const MOST_STEPS = 20_000
const MOST_STEPS_A_SECOND = 10

const clockOf = scheduler =>
  class extends Date {
    constructor(...args) {
      if (args.length) super(...args)
      else super(Math.floor(scheduler.now))
    }

    static now() {
      return Math.floor(scheduler.now)
    }
  }

/** One visitor's browser, the site, the network and the API, driven by a history. */
export class World {
  scheduler = new Scheduler(START)
  pages = new Set()
  flights = new Set()
  visits = 0
  notes = undefined
  onArrival = undefined
  /** Whether the visitor's HWID may have been lost, in a kill. */
  forgetful = false

  constructor(code, { traits, actions }) {
    this.code = code
    this.traits = traits
    this.actions = actions
    this.Date = clockOf(this.scheduler)
    this.ledger = new Ledger(this)
    this.localStorage = new LocalStorage(this)
    this.database = new Database(this)
    this.locks = new Locks(this)
    this.network = new Network(this)
    this.browser = new Browser(this)
    // A page left at once has nowhere else to keep a HWID.
    this.forgetful = !traits.localStorage
  }

  get now() {
    return this.scheduler.now
  }

  elapsed() {
    return this.now - START
  }

  /** For who wants to read what happened. */
  note(page, text, event) {
    this.notes?.push({ time: this.elapsed(), page: page?.id, text, event })
  }

  /** Where an event is still kept. */
  find(name) {
    const quoted = `"${name}"`
    for (const record of this.database.records.values.values()) {
      if (record.body?.includes(quoted)) return `the outbox (owner ${record.owner})`
    }
    for (const [key, value] of this.localStorage.items) {
      if (value.includes(name)) return key
    }
    return undefined
  }

  async run() {
    const { scheduler, ledger, browser } = this
    const last = this.actions.length ? this.actions[this.actions.length - 1].at : 0
    for (const action of this.actions) {
      scheduler.at(START + action.at, () => browser.perform(action))
    }
    let end = Number.POSITIVE_INFINITY
    let ending = false
    scheduler.at(START + last + 1_000, () => {
      browser.settleDown()
      ending = true
      end = this.now + PATIENCE_MS
    })
    let quiet = false
    await scheduler.run(() => {
      if (ending && !quiet && !ledger.outstanding.size) {
        quiet = true
        end = Math.min(end, this.now + ECHO_MS)
      }
      const most = MOST_STEPS + (MOST_STEPS_A_SECOND * this.elapsed()) / 1_000
      if (scheduler.steps > most) ledger.break('no busy loop', `${scheduler.steps} steps`)
      return ledger.broken || this.now > end
    })
    if (!ledger.broken) ledger.close()
    return ledger
  }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../support/until.mjs'

const MOST_TABS = 4

const ACTS = {
  call: 12,
  burst: 1,
  pause: 6,
  open: 4,
  close: 3,
  follow: 6,
  reload: 3,
  elsewhere: 3,
  show: 2,
  register: 1,
  change: 3,
  notice: 2,
  kill: 0.4,
}

const callAll = list => {
  for (const name of list) pw('event', name)
}

/**
 * A page that has what it sends say when it was sent, and by which document: a request may wait in the browser for seconds, and
 * arrive when its page has gone.
 */
const tagging = () => {
  const { fetch } = window
  const beacon = navigator.sendBeacon
  const { open } = XMLHttpRequest.prototype
  window.documentId = Math.random().toString(36).slice(2)
  const mark = url => `${url}?document=${window.documentId}&sent=${Date.now()}`
  window.fetch = (url, init) => fetch.call(window, mark(url), init)
  navigator.sendBeacon = (url, body) => beacon.call(navigator, mark(url), body)
  XMLHttpRequest.prototype.open = function (method, url) {
    open.call(this, method, mark(url))
  }
}
const HEAD = `<script>(${tagging})()</script>`

/** In one tick. */
const callAndGo = (list, url) => {
  for (const name of list) pw('event', name)
  if (url) location.href = url
  else location.reload()
}

/** Somebody who walks over the site in several tabs, by chance, and calls events at each step. */
export class Visitor {
  tabs = []
  count = 0
  views = 0

  /** `relaunch` kills the browser if it runs, and gives a new one with the same profile. */
  constructor({ relaunch, random, ledger, weather, site, other, options }) {
    Object.assign(this, { relaunch, random, ledger, weather, site, other, options })
  }

  async start() {
    this.browser = await this.relaunch()
    this.tabs = []
    await this.open()
  }

  async step() {
    const act = this.random.weighted(ACTS)
    this.ledger.note(act)
    await this[act]()
    await this.weather.look(this.tabs[0].page)
  }

  pick() {
    return this.random.pick(this.tabs)
  }

  /** A document to come: its address, and what is to be remembered of it. */
  next() {
    const n = ++this.views
    const view = { n, opened: Date.now() }
    return { view, url: this.site.page({ head: HEAD, stub: 1, init: this.options, n }) }
  }

  /** Names of events that are called now. */
  calls(tab, most = 4) {
    const n = 1 + this.random.below(most)
    const list = Array.from({ length: n }, () => `Event-${++this.count}`)
    this.ledger.call(list, tab.view)
    return list
  }

  front(tab) {
    for (const other of this.tabs) if (other !== tab) other.view.hidden = true
  }

  async open() {
    if (this.tabs.length >= MOST_TABS) return
    const { view, url } = this.next()
    const tab = { view, page: await this.browser.open(url) }
    // A second window of a WebKit with a kept profile may load its blank page late, over ours.
    if ((await tab.page.evaluate('location.href')) === 'about:blank') await tab.page.goto(url)
    this.tabs.push(tab)
    this.front(tab)
    await this.call(tab)
  }

  async arrive(tab) {
    tab.view.document = await tab.page.waitFor(() => window.pw && window.documentId)
  }

  async call(tab = this.pick(), most = 4) {
    await this.arrive(tab)
    await tab.page.evaluate(callAll, this.calls(tab, most))
  }

  burst() {
    return this.call(this.pick(), 60)
  }

  pause() {
    return sleep(this.random.between(50, 1_500))
  }

  /** Calls, and leaves in the same tick; without `url` for the same page again. */
  async go(tab, url, view) {
    await this.arrive(tab)
    const list = this.calls(tab)
    this.ledger.leave(tab.view)
    await tab.page.leaveBy(callAndGo, [list, url])
    tab.view = view
  }

  async follow(tab = this.pick()) {
    const { view, url } = this.next()
    await this.go(tab, url, view)
    if (this.random.chance(0.5)) await this.call(tab)
  }

  async reload(tab = this.pick()) {
    await this.go(tab, undefined, this.next().view)
  }

  async elsewhere(tab = this.pick()) {
    const { view, url } = this.next()
    await this.go(tab, this.other.page(), view)
    const back = this.random.chance(0.5)
    this.ledger.note(`  page ${view.n} ${back ? 'is gone back to' : 'is opened'}`)
    if (back) await tab.page.back()
    else await tab.page.goto(url)
    await this.call(tab)
  }

  async close(tab = this.pick()) {
    if (this.tabs.length < 2) return
    await this.call(tab)
    this.tabs.splice(this.tabs.indexOf(tab), 1)
    this.ledger.leave(tab.view)
    await tab.page.close()
  }

  async show(tab = this.pick()) {
    await tab.page.show()
    this.front(tab)
  }

  async register(tab = this.pick()) {
    await tab.page.waitFor(() => !!window.pw)
    await tab.page.evaluate(id => pw('register', id), `user-${this.random.below(5)}`)
  }

  /** Mostly, somebody is there to notice that the API fails: what leaves before that may be lost. */
  async change() {
    await this.weather.change()
    if (this.random.chance(0.7)) await this.notice()
  }

  async notice() {
    const { spell } = this.ledger
    if (!spell || spell.knownAt || spell.kind === 'flaky') return
    const tab = this.tabs.at(-1)
    await this.show(tab)
    await this.call(tab)
    await tab.page.waitFor(() => localStorage['pw-tag.down'])
  }

  async kill() {
    await this.browser.kill()
    this.ledger.kill(this.tabs.map(({ view }) => view))
    await this.start()
  }

  /** Stays until nothing is missing; gives the number of visits that it took, as a page may have a database that hangs. */
  async finish() {
    const flush = () => new Promise(resolve => pw('flush', resolve, 10_000))
    for (let visits = 1; ; visits++) {
      const [{ page }] = this.tabs
      await page.show()
      await page.evaluate(flush)
      // What is under way from pages that have gone.
      await until(() => !this.ledger.missing().length, { timeout: 10_000 }).catch(() => {})
      if (visits === 4 || !this.ledger.missing().length) return visits
      this.ledger.note(`${this.ledger.missing().length} are missing after ${visits} visits`)
      await page.goto(this.next().url)
      await page.waitFor(() => !!window.pw)
    }
  }
}

import { end, killAll, killPage, leave } from './endings.mjs'
import { Page } from './page.mjs'

const MOST_TABS = 5

const OPTIONS = { application: 'ABCDE-12345', endpoint: 'https://api.example' }

/** The visitor's browser: its tabs, and what the visitor, the system and the site do with them. */
export class Browser {
  tabs = []
  pagesOpened = 0

  constructor(world) {
    this.world = world
  }

  /** Carries out one action of the history, where it can be done. */
  perform(action) {
    const { tabs, world } = this
    const { type } = action
    // What is done may be code of a page, whose microtasks are to be waited for.
    world.scheduler.after(() => {})
    if (type === 'mood') {
      world.network.mood = { kind: action.kind, share: action.share }
      world.note(undefined, `the API: ${action.kind} (${action.share.toFixed(2)})`)
    } else if (type === 'open' || !tabs.length) {
      if (tabs.length < MOST_TABS) tabs.push({ page: this.openPage(action), back: [] })
    } else if (type === 'killBrowser') {
      killAll(world, action)
      this.tabs = []
    } else {
      const tab = tabs[action.tab % tabs.length]
      world.note(tab.page, type)
      this[type](tab, action)
    }
  }

  openPage({ id, seed, page: options }) {
    const { world } = this
    const page = new Page(world, ++this.pagesOpened, seed, options)
    const { stub, calls, userId, tagMs } = options
    world.visits++
    world.pages.add(page)
    world.note(page, 'opens')
    const start = () => {
      if (userId) world.ledger.register(userId)
      page.call('init', userId ? { ...OPTIONS, userId } : OPTIONS)
      this.callOn(page, id, calls)
    }
    if (stub) {
      page.runStub()
      start()
    } else {
      const load = () => {
        page.runTag()
        start()
      }
      world.scheduler.in(tagMs, load, page)
    }
    return page
  }

  callOn(page, id, count) {
    if (page.random.chance(0.5)) page.click(() => this.callAllOn(page, id, count))
    else this.callAllOn(page, id, count)
  }

  callAllOn(page, id, count) {
    for (let i = 0; i < count; i++) {
      if (!page.window.pw) return
      const name = `e${id}.${page.id}.${page.calls++}`
      this.world.ledger.call(name, page)
      page.call('event', name)
    }
  }

  /** Does what a page's own code does, when it gets its turn. */
  onPage(page, run) {
    if (!page.frozen) this.world.scheduler.in(0, run, page)
  }

  call({ page }, { id, count }) {
    this.onPage(page, () => this.callOn(page, id, count))
  }

  /** Leaves the page of `tab`, which is told if it can be, `first` having been done; and then does the rest. */
  leaveBy(tab, action, then, first) {
    const { world } = this
    const { page } = tab
    if (page.frozen) {
      killPage(world, page, action)
      this.drop(tab)
      return
    }
    this.onPage(page, () => {
      if (tab.page !== page || page.left) return
      first?.()
      leave(world, tab, action, () => this.callOn(page, action.id, action.lastCalls))
      world.scheduler.after(() => {
        then()
        world.scheduler.after(() => {})
      })
    })
  }

  navigate(tab, action, first) {
    const arrive = () => {
      tab.page = this.openPage(action)
    }
    const { world } = this
    const { page } = tab
    if (!world.traits.webkit || page.frozen) return this.leaveBy(tab, action, arrive, first)
    this.onPage(page, () => {
      first?.()
      world.scheduler.in(0, () => world.network.mute(page))
      world.scheduler.in(action.nextMs, () => {
        if (tab.page === page && !page.dead) this.leaveBy(tab, action, arrive)
      })
    })
  }

  callAndLeave(tab, action) {
    this.navigate(tab, action, () => this.callOn(tab.page, action.id, action.count))
  }

  close(tab, action) {
    this.leaveBy(tab, { ...action, cache: false }, () => this.drop(tab))
  }

  discard(tab, action) {
    killPage(this.world, tab.page, action)
    this.drop(tab)
  }

  drop(tab) {
    this.tabs = this.tabs.filter(other => other !== tab)
    for (const page of tab.back) end(this.world, page)
  }

  /** The visitor goes back to a page that the browser has kept. */
  back(tab, action) {
    if (!tab.back.length || tab.page.frozen) return
    const kept = tab.back.pop()
    const arrive = () => {
      tab.page = kept
      kept.cached = kept.left = kept.hidden = false
      kept.thaw()
      this.world.visits++
      this.world.note(kept, 'comes back')
      this.onPage(kept, () => {
        kept.dispatch('window', 'pageshow', { persisted: true })
        kept.dispatch('document', 'visibilitychange')
      })
    }
    this.leaveBy(tab, { ...action, cache: false }, arrive)
  }

  turn({ page }, hidden) {
    this.onPage(page, () => {
      if (page.hidden === hidden) return
      page.hidden = hidden
      page.dispatch('document', 'visibilitychange')
    })
  }

  hide(tab) {
    this.turn(tab, true)
  }

  show(tab) {
    tab.page.thaw()
    this.turn(tab, false)
  }

  /** Browsers freeze no page that is in the way of others' transactions. */
  freeze({ page }) {
    if (!page.hidden || page.transactions.size) return
    this.world.ledger.freeze(page)
    page.freeze()
  }

  stall({ page }, { ms }) {
    if (!page.frozen) page.stall(ms)
  }

  online({ page }) {
    this.onPage(page, () => page.dispatch('window', 'online'))
  }

  flush({ page }) {
    this.onPage(page, () => page.call('flush', () => {}))
  }

  register({ page }, { userId }) {
    this.onPage(page, () => {
      if (!page.window.pw) return
      this.world.ledger.register(userId)
      page.call('register', userId)
    })
  }

  /** The end: all is well, and a page stays open. */
  settleDown() {
    const { world, tabs } = this
    world.network.mood = { kind: 'ok', share: 1 }
    for (const tab of tabs) {
      for (const page of tab.back.splice(0)) end(world, page)
      this.show(tab)
    }
    const page = { stub: true, tagMs: 20, calls: 0 }
    tabs.push({ page: this.openPage({ id: 'end', seed: 1, page }), back: [] })
    world.visits--
    world.scheduler.after(() => {})
  }
}

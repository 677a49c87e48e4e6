import { Random } from './random.mjs'

/** How many pages of a tab the browser keeps for going back. */
const MOST_KEPT = 2

/** The page is no more; what it has handed over goes on. */
export const end = (world, page) => {
  if (page.dead) return
  page.dead = true
  world.pages.delete(page)
  world.database.leave(page)
  world.locks.leave(page)
  world.network.leave(page)
  world.note(page, 'is gone')
}

/** The page of `tab` is told that it is left, and then is gone or kept. `callLast` calls events in its `pagehide`. */
export const leave = (world, tab, { cache, seed }, callLast) => {
  const { page } = tab
  // WebKit tells a page that is still loading nothing of its end.
  if (world.traits.webkit && page.isLoading()) {
    world.note(page, 'is let go')
    world.ledger.letGo(page)
    end(world, page)
    return
  }
  const random = new Random(seed)
  page.left = true
  world.note(page, 'is left')
  page.onLastCalls = callLast
  page.dispatch('window', 'pagehide', { persisted: !!cache })
  page.onLastCalls = undefined
  if (!page.hidden) {
    page.hidden = true
    if (random.chance(0.8)) page.dispatch('document', 'visibilitychange')
  }
  world.ledger.leave(page)
  const settle = () => {
    if (cache && !page.transactions.size && !world.locks.isHeldBy(page)) {
      page.cached = true
      page.freeze()
      tab.back.push(page)
      if (tab.back.length > MOST_KEPT) end(world, tab.back.shift())
    } else end(world, page)
  }
  // Such a page is gone at once, and runs no microtasks any more.
  if (!cache && random.chance(0.5)) settle()
  else world.scheduler.after(settle)
}

/** A page is killed: it crashes, or the system wants its memory. */
export const killPage = (world, page, { seed }) => {
  world.ledger.kill(page, false)
  world.network.kill(new Random(seed), page)
  end(world, page)
}

/** The whole browser is killed. */
export const killAll = (world, { seed }) => {
  const random = new Random(seed)
  world.note(undefined, 'the browser is killed')
  world.network.kill(random)
  for (const page of world.pages) {
    world.ledger.kill(page, true)
    page.dead = true
  }
  world.database.kill(random)
  world.localStorage.kill(random)
  world.locks.held.clear()
  world.pages.clear()
  world.flights.clear()
  world.forgetful = true
  // What pages had remembered of the API may be gone with it.
  world.ledger.failureKnownAt = Number.NEGATIVE_INFINITY
}

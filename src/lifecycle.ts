import { PREFIX, readLocal } from './local.ts'

/**
 * The life of the page, wrapped once. A handler is called in the event itself, so that what it does synchronously is done
 * before the page is gone. Neither `unload` nor `beforeunload`: they cost the back/forward cache.
 */

export const hidden = (): boolean => document.hidden

/**
 * The page is being left, perhaps into the back/forward cache. `pagehide` is an event of the window.
 * Firefox, closing a tab, ends without a word the first listener that touches localStorage, and now and then the next as well:
 * that is not to be `act`, which is called twice. (Tabs closed over a backlog doubled some of it in all of ten runs; with the
 * first listener in 3 of 145; with both in none of 159.)
 */
export const onLeave = (act: () => void): void => {
  for (const listener of [() => readLocal(PREFIX), act, () => act()]) {
    addEventListener('pagehide', listener, true)
  }
}

/** Whether this runs in `pagehide`, or in the microtasks after one of its listeners. */
export const isLeaving = (): boolean => ((window.event || {}) as Event).type === 'pagehide'

/** The page came back from the back/forward cache. */
export const onReturn = (act: () => void): void =>
  addEventListener('pageshow', event => event.persisted && act(), true)

/** `hide`: nobody sees the page any more, and it may be closed next. `wake`, a good moment to try again: online, or visible. */
export const onTurn = (hide: () => void, wake: () => void): void => {
  addEventListener('online', wake)
  document.addEventListener('visibilitychange', () => (hidden() ? hide() : wake()))
}

/** At once, or when a prerendered page is shown for the first time. */
export const whenActivated = (act: () => void): void => {
  // Not an image of that name.
  if ((document as { prerendering?: unknown }).prerendering === true) {
    document.addEventListener('prerenderingchange', act)
  } else act()
}

/** No longer than this is waited for a frame: pages that nobody sees have none. */
const FRAME_MS = 100

/**
 * Puts off what the page need not wait for: during an event of the visitor's, until what that leads to has been painted;
 * else, and while the page is loading, since WebKit lets such a page go without `pagehide`, until the script that calls has
 * run. `act` may be called twice.
 */
export const soon = (act: () => void): void => {
  const { view } = (window.event || {}) as UIEvent
  Promise.resolve().then(() => {
    if (view && !window.closed && document.readyState === 'complete') {
      requestAnimationFrame(() => setTimeout(act))
      setTimeout(act, FRAME_MS)
    } else act()
  })
}

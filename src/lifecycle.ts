import { PREFIX, readLocal } from './local.ts'

/**
 * The life of the page, wrapped once. A handler is called in the event itself, so that what it does synchronously is done
 * before the page is gone. Neither `unload` nor `beforeunload`: they cost the back/forward cache.
 */

export const hidden = (): boolean => document.hidden

/**
 * Closing the last tab of a site, Firefox ends whatever script runs within so many ms of the beginning of `pagehide`: once, and
 * without a word. Most often at once; after 21 ms in the slowest of 80 closes (Firefox 153, on a slow machine).
 */
const CUT_MS = 40

/** More looks at the clock than there is time for: that of a page may stand still. */
const MOST_LOOKS = 1_000_000

/**
 * The page is being left, perhaps into the back/forward cache. `pagehide` is an event of the window.
 * Where Firefox may be about to end a script, a listener waits for it to be that one: else it was `act`, or what the page does
 * in its own listener, of which every other event was lost. Only Firefox has no vendor (HTML, `navigator.vendor`).
 */
export const onLeave = (act: () => void): void => {
  addEventListener(
    'pagehide',
    event => {
      let looks = (event.persisted || navigator.vendor || MOST_LOOKS) as number
      const end = Date.now() + CUT_MS
      // The build would throw away a loop that does nothing.
      while (looks-- && Date.now() < end) readLocal(PREFIX)
    },
    true,
  )
  addEventListener('pagehide', act, true)
}

/** Whether this runs in `pagehide`, or in the microtasks after one of its listeners. */
export const isLeaving = (): boolean => ((window.event || {}) as Event).type === 'pagehide'

/**
 * Whether WebKit lets this page go without telling it anything: it does so with what is still loading. And as soon as it is to be
 * left, WebKit ends what the page loads, without an answer, while the next page may be long in coming.
 */
export const isFleeting = (): boolean =>
  /^A/.test(navigator.vendor) && document.readyState !== 'complete'

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

/** By then what an event of the visitor's leads to has been painted. */
const PAINTED_MS = 100

/**
 * Puts off what the page need not wait for: for a while during an event of the visitor's, and in WebKit always, which, as soon as
 * a page is to be left, ends what it loads: what was sent in the script that left is without an answer, however long the next
 * page is in coming. Else, and while the page is loading or hidden, where timers are late, until the script that calls has run.
 */
export const soon = (act: () => void): void => {
  const { view } = (window.event || {}) as UIEvent
  Promise.resolve().then(() => {
    if (
      (view || /^A/.test(navigator.vendor)) &&
      !hidden() &&
      !window.closed &&
      document.readyState === 'complete'
    ) {
      setTimeout(act, PAINTED_MS)
    } else act()
  })
}

/**
 * The life of the page, wrapped once. A handler is called in the event itself, so that what it does synchronously is done
 * before the page is gone. Neither `unload` nor `beforeunload`: they cost the back/forward cache.
 */
export interface Lifecycle {
  /** The page can't be seen any more and may never be again (`visibilitychange`). */
  onHidden(act: () => void): void
  /** The page is being left, perhaps into the back/forward cache (`pagehide`, a Window event). */
  onLeave(act: () => void): void
  /** The page came back from the back/forward cache. */
  onReturn(act: () => void): void
  /** A good moment to try again: online, or visible again. */
  onWake(act: () => void): void
  /** At once, or when a prerendered page is shown for the first time. */
  whenActivated(act: () => void): void
}

export const hidden = (): boolean => document.visibilityState === 'hidden'

export const createLifecycle = (): Lifecycle => ({
  onHidden(act) {
    document.addEventListener('visibilitychange', () => hidden() && act(), true)
  },
  onLeave(act) {
    addEventListener('pagehide', act, true)
  },
  onReturn(act) {
    addEventListener('pageshow', event => event.persisted && act(), true)
  },
  onWake(act) {
    addEventListener('online', act, true)
    document.addEventListener('visibilitychange', () => hidden() || act(), true)
  },
  whenActivated(act) {
    if ((document as { prerendering?: boolean }).prerendering) {
      document.addEventListener('prerenderingchange', act, { once: true })
    } else act()
  },
})

import { onReturn, whenActivated } from './lifecycle.ts'
import type { Attributes } from './types.ts'

const LOOK_MS = 500

/**
 * Posts page views (SPEC 2, `pageEvent`): the first when the page is shown, then each change of path or query, and each
 * return from the back/forward cache. By the Navigation API, or a look every 500 ms; `history` is the page's own.
 */
export const watchPages = (
  name: string,
  post: (name: string, attributes: Attributes) => void,
): void => {
  /** Without its fragment; empty before the first view and after a return. */
  let shown = ''
  const look = () => {
    const [address] = location.href.split('#')
    if (address === shown) return
    post(name, { url: location.href, title: document.title, referrer: shown || document.referrer })
    shown = address
  }

  whenActivated(() => {
    look()
    const { navigation } = window as { navigation?: EventTarget & { currentEntry?: unknown } }
    // Otherwise there is none, or an element has that name.
    if (navigation && navigation.currentEntry) {
      navigation.addEventListener('currententrychange', look)
    } else setInterval(look, LOOK_MS)
  })
  onReturn(() => {
    shown = ''
    look()
  })
}

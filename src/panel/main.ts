import { attempt } from '../attempt.ts'
import { createStoredReader } from './stored.ts'
import { report } from './text.ts'
import { createView } from './view.ts'
import { createWatch, type Watched } from './watch.ts'

/** So often is looked: what is seen should follow what a visitor does at once. */
const LOOK_MS = 100

/** Entry of `pw-debug.js`, which `pw.js` loads where the address ends in `#pw-debug`: shows what the tag does on this page. */
attempt(() => {
  const { pw } = window as { pw?: Watched }
  if (!pw || !Array.isArray(pw.d)) return
  const watch = createWatch(pw, createStoredReader(pw))
  const describe = () => {
    const { origin, pathname } = location
    return report(watch.look(), {
      page: origin + pathname,
      browser: navigator.userAgent,
      time: Date.now(),
    })
  }
  const view = createView(describe, () => clearInterval(timer))
  const look = () => attempt(() => view.show(watch.look()))
  // Nobody sees it in a hidden tab.
  const timer = setInterval(() => view.isOpen() && document.hidden !== true && look(), LOOK_MS)
  addEventListener('pagehide', () => attempt(watch.leave))
  look()
})

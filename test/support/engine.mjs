import { launchChromium } from './engines/chromium.mjs'
import { launchFirefox } from './engines/firefox.mjs'
import { launchWebKit } from './engines/webkit.mjs'
import { launchKeptWebKit } from './engines/webkit-kept.mjs'

export const ENGINES = ['chromium', 'webkit', 'firefox']

/** Those named in the environment's `ENGINES` (`webkit,firefox`); all, if it is not set. */
export const wantedEngines = ENGINES.filter(
  name => process.env.ENGINES?.split(',').includes(name) ?? true,
)

/**
 * A page, the same in all engines.
 * @typedef {object} Page
 * @property {(url: string, options?: { until?: 'load' | 'domcontentloaded' }) => Promise<void>} goto
 * @property {(options?: { until?: 'load' | 'domcontentloaded' }) => Promise<void>} reload
 * @property {() => Promise<void>} back
 * @property {(act: string | Function, args: unknown[]) => Promise<void>} leaveBy the page leaves by what `act` does
 * @property {(code: string | Function, ...args: unknown[]) => Promise<any>} evaluate what it gives, or
 *   promises, as JSON
 * @property {(selector: string, button?: 'left' | 'middle' | 'right') => Promise<void>} click a trusted one (not in
 *   WebKit with a kept profile, and in WebKit only by the left button)
 * @property {(key: 'Enter') => Promise<void>} press a key, on what has the focus (not in WebKit with a kept profile)
 * @property {(url: string) => Promise<void>} navigateAway the page itself leaves; not waited for
 * @property {(condition: string | Function, ...args: unknown[]) => Promise<any>} waitFor in the page
 * @property {() => Promise<void>} show brings the tab to the front, which hides the others (without
 *   effect in WebKit)
 * @property {(options?: { abrupt?: boolean }) => Promise<void>} close closes the tab, as a visitor does; `abrupt`: as one
 *   does who has switched animations off (which makes a difference in Firefox)
 * @property {() => Promise<string[]>} errors uncaught errors and rejections: of all documents of the page in
 *   Chromium and Firefox, of the one that is open in WebKit, and there only if it is the test site's
 * @property {() => Promise<void>} [freeze] Chromium only, as are the next three
 * @property {() => Promise<void>} [resume]
 * @property {() => Promise<void>} [crash] its renderer
 * @property {import('puppeteer-core').CDPSession} [cdp]
 */

/**
 * @typedef {object} Browser
 * @property {string} name
 * @property {(url?: string, options?: object) => Promise<Page>} open a new tab, in front of the others; in
 *   WebKit behind them, or, if the profile is kept, in a window of its own, which needs an address
 * @property {() => Promise<Page[]>} pages tabs that pages have opened included
 * @property {() => Promise<Browser>} [reuse] the same one for one test after the other: without pages, and with nothing
 *   stored for origins that are new (cookies know no ports); closing it closes its pages
 * @property {() => Promise<Browser>} [fresh] a browser without a past, within the same process (not in WebKit); in
 *   Chromium this costs more than all else that most tests do
 * @property {() => Promise<void>} close in an orderly way
 * @property {(options?: { alone?: boolean }) => Promise<void>} kill SIGKILL to all of its processes at once; `alone`: to
 *   the main one, and to the others if they haven't ended a second later
 */

/**
 * Starts a browser. With `profile`, a folder, it can be killed, and started again with what it had stored.
 * @param {'chromium' | 'firefox' | 'webkit'} engine
 * @param {{ profile?: string }} [options]
 * @returns {Promise<Browser>}
 */
export function launch(engine, options = {}) {
  if (engine === 'chromium') return launchChromium(options)
  if (engine === 'firefox') return launchFirefox(options)
  return options.profile ? launchKeptWebKit(options) : launchWebKit()
}

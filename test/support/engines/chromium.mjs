import { findBrowsers } from '../browsers.mjs'
import { launchPuppeteer } from './puppeteer.mjs'

export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// By default puppeteer spares background tabs what they are in for with a visitor.
const THROTTLED = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]

/** @param {{ profile?: string }} [options] */
export function launchChromium({ profile } = {}) {
  const options = {
    browser: 'chrome',
    executablePath: findBrowsers().chromium,
    args: CHROMIUM_ARGS,
    ignoreDefaultArgs: THROTTLED,
    userDataDir: profile,
  }
  return launchPuppeteer('chromium', options, async page => {
    const cdp = await page.createCDPSession()
    return {
      cdp,
      freeze: () => cdp.send('Page.setWebLifecycleState', { state: 'frozen' }),
      resume: () => cdp.send('Page.setWebLifecycleState', { state: 'active' }),
      // A crashed page does not answer.
      crash: async () => {
        const crashed = new Promise(resolve => cdp.once('Inspector.targetCrashed', resolve))
        cdp.send('Page.crash').catch(() => {})
        await crashed
      },
    }
  })
}

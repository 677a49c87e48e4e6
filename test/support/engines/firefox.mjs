import { readdir } from 'node:fs/promises'
import { findBrowsers } from '../browsers.mjs'
import { until } from '../until.mjs'
import { launchPuppeteer } from './puppeteer.mjs'

/** @param {{ profile?: string }} [options] */
export async function launchFirefox({ profile } = {}) {
  if (profile) await until(() => isRestored(profile))
  const options = {
    browser: 'firefox',
    executablePath: findBrowsers().firefox,
    userDataDir: profile,
  }
  return launchPuppeteer('firefox', options, async page => ({
    close: async ({ abrupt = false } = {}) => {
      if (!abrupt) await hide(page)
      await page.close()
    },
  }))
}

// Once a browser that was killed has ended, puppeteer puts the profile's own preferences back, and tells nobody when that is done.
async function isRestored(profile) {
  return !(await readdir(profile)).some(name => name.endsWith('.puppeteer'))
}

// What a visitor closes is hidden first, and gone after an animation (tabbrowser.js, removeTab); the driver skips
// that, as does a visitor's last tab: `pagehide` comes first then, and 2 of 25 keepalive requests that were begun in
// it or after were lost, against none.
async function hide(page) {
  const others = (await page.browser().pages()).filter(other => other !== page)
  await (others[0] ?? (await page.browser().newPage())).bringToFront()
  await until(() => page.evaluate(() => document.visibilityState === 'hidden'))
}

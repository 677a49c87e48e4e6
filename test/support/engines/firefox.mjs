import { findBrowsers } from '../browsers.mjs'
import { launchPuppeteer } from './puppeteer.mjs'

/** @param {{ profile?: string }} [options] */
export function launchFirefox({ profile } = {}) {
  return launchPuppeteer('firefox', {
    browser: 'firefox',
    executablePath: findBrowsers().firefox,
    userDataDir: profile,
  })
}

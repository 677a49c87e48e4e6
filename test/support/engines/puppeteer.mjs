import puppeteer from 'puppeteer-core'
import { adopt, ended, kill } from '../processes.mjs'
import { callOf, definePage } from './page.mjs'

/**
 * Chromium and Firefox, by puppeteer-core.
 * @param {string} name
 * @param {import('puppeteer-core').LaunchOptions} options
 * @param {(page: import('puppeteer-core').Page) => Promise<object>} [extend] what this engine's pages can besides
 * @returns {Promise<import('../engine.mjs').Browser>}
 */
export async function launchPuppeteer(name, options, extend = async () => ({})) {
  const browser = await puppeteer.launch({
    headless: true,
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    protocolTimeout: 60_000,
    ...options,
  })
  const child = browser.process()
  adopt(child)
  const pages = new WeakMap()
  const wrap = async page => {
    if (!pages.has(page)) pages.set(page, { ...wrapPage(page), ...(await extend(page)) })
    return pages.get(page)
  }
  const within = (context, pages, close) => ({
    name,
    open: async (url, how) => {
      const page = await wrap(await context.newPage())
      if (url) await page.goto(url, how)
      return page
    },
    pages: async () => Promise.all((await pages()).map(wrap)),
    close,
    kill: how => kill(child, how),
  })
  const whole = browser.defaultBrowserContext()
  const closeAll = async () => {
    await browser.close()
    await ended(child)
  }
  return {
    ...within(whole, () => whole.pages(), closeAll),
    reuse: async () => {
      // The browser would end with its last page.
      const [home] = await whole.pages()
      const pages = async () => (await whole.pages()).filter(page => page !== home)
      return within(whole, pages, async () => {
        for (const page of await pages()) await page.close()
      })
    },
    fresh: async () => {
      const context = await browser.createBrowserContext()
      return within(
        context,
        () => context.pages(),
        () => context.close(),
      )
    },
  }
}

function wrapPage(page) {
  const errors = []
  page.on('pageerror', error => errors.push(String(error?.message ?? error)))
  return {
    ...definePage((code, args) => page.evaluate(callOf(code, args))),
    click: (selector, button = 'left') => page.click(selector, { button }),
    press: key => page.keyboard.press(key),
    show: () => page.bringToFront(),
    close: () => page.close(),
    errors: async () => [...errors],
  }
}

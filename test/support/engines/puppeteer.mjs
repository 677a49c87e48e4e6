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
  // Never a context of its own for each test: in Chromium one costs more than all else that a test does.
  const within = (isHome, close) => {
    const pages = async () => (await browser.pages()).filter(page => !isHome(page))
    return {
      name,
      open: async (url, how) => {
        const page = await wrap(await browser.newPage())
        if (url) await page.goto(url, how)
        return page
      },
      pages: async () => Promise.all((await pages()).map(wrap)),
      close: () => close(pages),
      kill: how => kill(child, how),
    }
  }
  return {
    ...within(
      () => false,
      async () => {
        await browser.close()
        await ended(child)
      },
    ),
    // The browser would end with its last page.
    fresh: async () => {
      const [home] = await browser.pages()
      return within(
        page => page === home,
        async pages => {
          for (const page of await pages()) await page.close()
        },
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

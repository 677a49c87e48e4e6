import { ELEMENT, startWebDriver } from '../webdriver.mjs'
import { callOf, definePage } from './page.mjs'

// No Promise and no eval: the page may have replaced the one, and its policy forbid the other.
const script = expression => `
  var done = arguments[arguments.length - 1]
  function give(value) { done({ value: value }) }
  function fail(error) { done({ error: String(error && error.message || error) }) }
  try {
    var value = ${expression}
    if (value && typeof value.then == 'function') value.then(give, fail)
    else give(value)
  } catch (error) { fail(error) }`

// What WebDriver calls them.
const KEYS = { Enter: '\ue007' }

/**
 * WebKit by WebDriver. Its profile ends with it. The page that is opened first is visible, and those after it are
 * hidden for as long as it is open: WebDriver cannot bring a tab to the front.
 * @returns {Promise<import('../engine.mjs').Browser>}
 */
export async function launchWebKit() {
  const driver = await startWebDriver()
  const pages = new Map()
  let [spare] = await driver.windows()

  // The browser would end with its last tab.
  const close = async handle => {
    if ((await driver.windows()).length === 1) spare = await driver.openWindow()
    await driver.closeWindow(handle)
  }
  const wrap = handle => {
    if (!pages.has(handle))
      pages.set(
        handle,
        wrapPage(driver, handle, () => close(handle)),
      )
    return pages.get(handle)
  }
  const handles = async () => (await driver.windows()).filter(handle => handle !== spare)
  const browser = {
    name: 'webkit',
    open: async (url, how) => {
      const page = wrap(spare ?? (await driver.openWindow()))
      spare = undefined
      if (url) await page.goto(url, how)
      return page
    },
    pages: async () => (await handles()).map(wrap),
    close: driver.end,
    kill: driver.kill,
  }
  const closeAll = async () => {
    for (const handle of await handles()) await close(handle)
  }
  return { ...browser, reuse: async () => ({ ...browser, close: closeAll }) }
}

function wrapPage(driver, handle, close) {
  const evaluate = async (code, args, { timeoutMs }) => {
    const body = { script: script(callOf(code, args)), args: [] }
    const { value, error } = await driver.inWindow(handle, '/execute/async', body, timeoutMs)
    if (error !== undefined) throw new Error(error)
    return value ?? undefined
  }
  return {
    ...definePage(evaluate),
    click: async selector => {
      const query = { using: 'css selector', value: selector }
      const found = await driver.inWindow(handle, '/element', query)
      await driver.inWindow(handle, `/element/${found[ELEMENT]}/click`)
    },
    press: key => {
      const actions = ['keyDown', 'keyUp'].map(type => ({ type, value: KEYS[key] }))
      return driver.inWindow(handle, '/actions', {
        actions: [{ type: 'key', id: 'keyboard', actions }],
      })
    },
    show: async () => {},
    close,
  }
}

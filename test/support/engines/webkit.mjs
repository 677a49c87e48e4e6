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
const BUTTONS = { middle: 1, right: 2 }
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
  return {
    name: 'webkit',
    open: async (url, how) => {
      const page = wrap(spare ?? (await driver.openWindow()))
      spare = undefined
      if (url) await page.goto(url, how)
      return page
    },
    pages: async () => (await driver.windows()).filter(handle => handle !== spare).map(wrap),
    close: driver.end,
    kill: driver.kill,
  }
}

function wrapPage(driver, handle, close) {
  const evaluate = async (code, args, { timeoutMs }) => {
    const body = { script: script(callOf(code, args)), args: [] }
    const { value, error } = await driver.inWindow(handle, '/execute/async', body, timeoutMs)
    if (error !== undefined) throw new Error(error)
    return value ?? undefined
  }
  const act = (type, actions) =>
    driver.inWindow(handle, '/actions', { actions: [{ type, id: type, actions }] })
  return {
    ...definePage(evaluate),
    click: async (selector, button = 'left') => {
      const query = { using: 'css selector', value: selector }
      const found = await driver.inWindow(handle, '/element', query)
      if (button === 'left') {
        await driver.inWindow(handle, `/element/${found[ELEMENT]}/click`)
      } else {
        await act('pointer', [
          { type: 'pointerMove', origin: found, x: 0, y: 0 },
          { type: 'pointerDown', button: BUTTONS[button] },
          { type: 'pointerUp', button: BUTTONS[button] },
        ])
      }
    },
    press: key =>
      act('key', [
        { type: 'keyDown', value: KEYS[key] },
        { type: 'keyUp', value: KEYS[key] },
      ]),
    show: async () => {},
    close,
  }
}

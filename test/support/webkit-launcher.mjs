import { startWebDriver } from './webdriver.mjs'

/**
 * @web/test-runner's way to WebKit: one test file after the other, in the one tab that is visible.
 * @returns {import('@web/test-runner').BrowserLauncher}
 */
export function webkitLauncher() {
  let starting
  let active
  const visit = async url => {
    const driver = await starting
    const [handle] = await driver.windows()
    await driver.inWindow(handle, '/url', { url })
  }
  return {
    name: 'WebKit',
    type: 'webdriver',
    concurrency: 1,
    initialize: () => {
      starting = startWebDriver()
    },
    stop: async () => (await starting).end(),
    startSession: async (id, url) => {
      active = { id, url }
      await visit(url)
    },
    isActive: id => active?.id === id,
    getBrowserUrl: () => active?.url,
    stopSession: async () => {
      active = undefined
      await visit('about:blank')
      return {}
    },
  }
}

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBrowsers } from '../browsers.mjs'
import { screen } from '../display.mjs'
import { inspect, listTargets } from '../inspector.mjs'
import { freePort } from '../ports.mjs'
import { ended, kill, start } from '../processes.mjs'
import { until } from '../until.mjs'
import { callOf, definePage } from './page.mjs'

/**
 * WebKit with a profile that is kept, which WebDriver cannot have: a plain MiniBrowser, driven through its remote
 * inspector, whose evaluations count as user gestures. What it cannot: trusted clicks; each page has a window of its
 * own, so none is hidden; and pages are opened, and closed, by script.
 * @param {{ profile: string }} options
 * @returns {Promise<import('../engine.mjs').Browser>}
 */
export async function launchKeptWebKit({ profile }) {
  const port = await freePort()
  const folder = name => join(profile, name)
  await mkdir(profile, { recursive: true })
  const browser = start(findBrowsers().miniBrowser, ['about:blank'], {
    env: {
      ...(await screen()),
      XDG_CACHE_HOME: folder('cache'),
      XDG_CONFIG_HOME: folder('config'),
      XDG_DATA_HOME: folder('data'),
      WEBKIT_INSPECTOR_HTTP_SERVER: `127.0.0.1:${port}`,
    },
  })
  const [home] = await until(
    async () => {
      const targets = await listTargets(port)
      return targets.length && targets
    },
    // It took over 15 s on a busy machine that had it to read from its disk.
    { message: 'MiniBrowser has opened a page', timeout: 45_000 },
  )
  const opener = await inspect(port, home.id)
  await until(() => opener.evaluate('1'))
  const pages = new Map()

  const wrap = async ({ id }) => {
    if (!pages.has(id)) pages.set(id, await wrapPage(port, id))
    return pages.get(id)
  }
  const targets = async () => (await listTargets(port)).filter(({ id }) => id !== home.id)
  return {
    name: 'webkit',
    // The window opens with its address: it may load about:blank so late that this would replace a page that the
    // window has been sent to in the meantime.
    open: async (url, how) => {
      const before = new Set((await targets()).map(({ id }) => id))
      await opener.evaluate(`void window.open(${JSON.stringify(url)}, '_blank', 'noopener')`)
      const target = await until(async () => (await targets()).find(({ id }) => !before.has(id)), {
        message: 'MiniBrowser has opened a window',
      })
      const page = await wrap(target)
      await page.arrive(how)
      return page
    },
    pages: async () => Promise.all((await targets()).map(wrap)),
    close: async () => {
      browser.kill('SIGTERM')
      await ended(browser)
    },
    kill: how => kill(browser, how),
  }
}

async function wrapPage(port, id) {
  const inspector = await inspect(port, id)
  const evaluate = (code, args, { timeoutMs = 60_000 }) =>
    Promise.race([
      inspector.evaluate(callOf(code, args)),
      sleep(timeoutMs, undefined, { ref: false }).then(() => {
        throw new Error('The page does not answer')
      }),
    ])
  return {
    ...definePage(evaluate),
    click: async () => {
      throw new Error('No trusted clicks in a WebKit with a kept profile')
    },
    show: async () => {},
    close: async () => {
      await evaluate('window.close()', [], {}).catch(() => {})
      await until(async () => !(await listTargets(port)).some(target => target.id === id))
      inspector.close()
    },
  }
}

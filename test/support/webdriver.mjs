import { findBrowsers } from './browsers.mjs'
import { screen } from './display.mjs'
import { freePort } from './ports.mjs'
import { ended, killTree, start } from './processes.mjs'
import { until } from './until.mjs'

/** The key under which W3C WebDriver hands out elements. */
export const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/**
 * A WebKit under a WebKitWebDriver of its own, which serves one session only. Its profile is thrown away with it.
 * Commands run one after the other, each in the window it is for.
 */
export async function startWebDriver() {
  const { webkitDriver, miniBrowser } = findBrowsers()
  const port = await freePort()
  const driver = start(webkitDriver, [`--port=${port}`], { env: await screen() })

  const send = async (method, path, body, timeoutMs) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
      signal: timeoutMs && AbortSignal.timeout(timeoutMs),
    })
    const { value } = await response.json()
    if (response.ok) return value
    throw Object.assign(new Error(`${value.error}: ${value.message}`), { code: value.error })
  }
  await until(() => send('GET', '/status'), { message: 'WebKitWebDriver answers' })
  const { sessionId } = await send('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        browserName: 'MiniBrowser',
        pageLoadStrategy: 'none',
        timeouts: { script: 60_000, pageLoad: 60_000 },
        'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] },
      },
    },
  })
  const inSession = (method, path, ...rest) => send(method, `/session/${sessionId}${path}`, ...rest)

  let last = Promise.resolve()
  let current
  const inTurn = task => {
    const turn = last.then(task)
    last = turn.catch(() => {})
    return turn
  }
  return {
    /** The handles of all windows. */
    windows: () => inTurn(() => inSession('GET', '/window/handles')),
    openWindow: () =>
      inTurn(async () => {
        const { handle } = await inSession('POST', '/window/new', { type: 'tab' })
        return handle
      }),
    /** A command to a window. Given up after `timeoutMs`, as WebKit drops some while a page is being left. */
    inWindow: (handle, path, body, timeoutMs) =>
      inTurn(async () => {
        if (current !== handle) await inSession('POST', '/window', { handle })
        current = handle
        return await inSession('POST', path, body, timeoutMs)
      }),
    closeWindow: handle =>
      inTurn(async () => {
        await inSession('POST', '/window', { handle })
        current = undefined
        await inSession('DELETE', '/window')
      }),
    end: async () => {
      await inTurn(() => inSession('DELETE', '')).catch(() => {})
      killTree(driver.pid)
      await ended(driver)
    },
    kill: async () => {
      killTree(driver.pid)
      await ended(driver)
    },
  }
}

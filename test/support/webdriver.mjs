import { findBrowsers } from './browsers.mjs'
import { screen } from './display.mjs'
import { freePort } from './ports.mjs'
import { kill, start } from './processes.mjs'
import { until } from './until.mjs'

/** The key under which W3C WebDriver hands out elements. */
export const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

const START_TIMEOUT_MS = 10_000
const END_TIMEOUT_MS = 3000

/** So often a WebKit is started: now and then a start never answers. */
const STARTS = 3

/**
 * A WebKit under a WebKitWebDriver of its own, which serves one session only. Its profile is thrown away with it.
 * Commands run one after the other, each in the window it is for.
 */
export async function startWebDriver() {
  for (let starts = 1; ; starts++) {
    const port = await freePort()
    const driver = start(findBrowsers().webkitDriver, [`--port=${port}`], { env: await screen() })
    const end = () => kill(driver)
    const send = sendTo(`http://127.0.0.1:${port}`)
    try {
      await until(() => send('GET', '/status'), { message: 'WebKitWebDriver answers' })
      const { sessionId } = await send('POST', '/session', wishes(), START_TIMEOUT_MS)
      return createSession(sendTo(`http://127.0.0.1:${port}/session/${sessionId}`), end)
    } catch (error) {
      await end()
      if (starts === STARTS) throw new Error('WebKit does not start', { cause: error })
    }
  }
}

const sendTo = base => async (method, path, body, timeoutMs) => {
  const response = await fetch(base + path, {
    method,
    body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    signal: timeoutMs && AbortSignal.timeout(timeoutMs),
  })
  const { value } = await response.json()
  if (response.ok) return value
  throw new Error(`${value.error}: ${value.message}`)
}

const wishes = () => ({
  capabilities: {
    alwaysMatch: {
      browserName: 'MiniBrowser',
      pageLoadStrategy: 'none',
      timeouts: { script: 60_000, pageLoad: 60_000 },
      'webkitgtk:browserOptions': { binary: findBrowsers().miniBrowser, args: ['--automation'] },
    },
  },
})

function createSession(send, kill) {
  let last = Promise.resolve()
  let current
  const inTurn = task => {
    const turn = last.then(task)
    last = turn.catch(() => {})
    return turn
  }
  const goTo = async handle => {
    if (current !== handle) await send('POST', '/window', { handle })
    current = handle
  }
  const windows = () => send('GET', '/window/handles')
  return {
    /** The handles of all windows. */
    windows: () => inTurn(windows),
    openWindow: () =>
      inTurn(async () => {
        // It opens none while it is in one that is no more, be it that the page has closed itself.
        const handles = await windows()
        if (!handles.includes(current)) await goTo(handles[0])
        return (await send('POST', '/window/new', { type: 'tab' })).handle
      }),
    closeWindow: handle =>
      inTurn(async () => {
        await goTo(handle)
        current = undefined
        await send('DELETE', '/window')
      }),
    /** A command to a window. Given up after `timeoutMs`, as WebKit drops some while a page is being left. */
    inWindow: (handle, path, body, timeoutMs) =>
      inTurn(async () => {
        await goTo(handle)
        return await send('POST', path, body, timeoutMs)
      }),
    end: async () => {
      // A page that does not answer is not waited for.
      await send('DELETE', '', undefined, END_TIMEOUT_MS).catch(() => {})
      await kill()
    },
    kill,
  }
}

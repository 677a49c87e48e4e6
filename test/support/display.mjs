import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { findBrowsers } from './browsers.mjs'
import { start } from './processes.mjs'

let display

/**
 * The environment in which WebKitGTK has a screen: an X server of this process's own, started at the first call.
 * @returns {Promise<Record<string, string>>}
 */
export function screen() {
  display ??= startXvfb()
  return display
}

async function startXvfb() {
  const args = '-displayfd 3 -screen 0 1280x1024x24 -nolisten tcp -noreset'.split(' ')
  const xvfb = start(findBrowsers().xvfb, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  // It writes the number and the end of the line one after the other, and a closed pipe kills it.
  const numbers = createInterface({ input: xvfb.stdio[3] })
  const [number] = await once(numbers, 'line')
  xvfb.stdio[3].unref()
  return {
    DISPLAY: `:${number}`,
    GDK_BACKEND: 'x11',
    GIO_USE_VFS: 'local',
    GSETTINGS_BACKEND: 'memory',
    NO_AT_BRIDGE: '1',
  }
}

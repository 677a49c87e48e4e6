import { once } from 'node:events'
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
  const [number] = await once(xvfb.stdio[3], 'data')
  xvfb.stdio[3].destroy()
  xvfb.unref()
  return {
    DISPLAY: `:${String(number).trim()}`,
    GDK_BACKEND: 'x11',
    GIO_USE_VFS: 'local',
    GSETTINGS_BACKEND: 'memory',
    NO_AT_BRIDGE: '1',
  }
}

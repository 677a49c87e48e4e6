import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGES = ['chromium', 'firefox-esr', 'webkit2gtk-driver', 'xvfb']

const onPath = (...names) => {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(existsSync)
}

// Debian keeps it below a folder for the architecture and another for the version.
const miniBrowser = (root = '/usr/lib') =>
  list(root)
    .flatMap(arch => list(join(root, arch), 'webkit2gtk-4.').map(name => join(root, arch, name)))
    .map(folder => join(folder, 'MiniBrowser'))
    .filter(existsSync)
    .at(-1)

const list = (folder, prefix = '') => {
  try {
    return readdirSync(folder)
      .filter(name => name.startsWith(prefix))
      .sort()
  } catch {
    return []
  }
}

/**
 * Where each program is, or undefined. CHROMIUM, FIREFOX, MINIBROWSER, WEBKIT_DRIVER and XVFB
 * outrank what is found.
 */
export function findBrowsers({ env = process.env } = {}) {
  return {
    chromium: env.CHROMIUM ?? onPath('chromium', 'chromium-browser', 'google-chrome'),
    firefox: env.FIREFOX ?? onPath('firefox-esr', 'firefox'),
    miniBrowser: env.MINIBROWSER ?? miniBrowser(),
    webkitDriver: env.WEBKIT_DRIVER ?? onPath('WebKitWebDriver'),
    xvfb: env.XVFB ?? onPath('Xvfb'),
  }
}

const missing = () =>
  Object.entries(findBrowsers())
    .filter(([, path]) => !path)
    .map(([name]) => name)

/** Makes sure that the three engines are there: installs Debian's packages where it may, else throws. */
export function ensureBrowsers() {
  if (!missing().length) return findBrowsers()
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const aptGet = args =>
      execFileSync('apt-get', args, { env, stdio: ['ignore', 'inherit', 'inherit'] })
    aptGet(['update'])
    aptGet(['install', '-y', '--no-install-recommends', ...PACKAGES])
  }
  if (missing().length) {
    throw new Error(`No ${missing().join(', ')}: install Debian's ${PACKAGES.join(' ')}`)
  }
  return findBrowsers()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    for (const [name, path] of Object.entries(ensureBrowsers())) console.log(`${name}: ${path}`)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}

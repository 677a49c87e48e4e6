import { esbuildPlugin } from '@web/dev-server-esbuild'
import { chromeLauncher } from '@web/test-runner-chrome'
import puppeteer from 'puppeteer-core'
import { findBrowsers } from './test/support/browsers.mjs'
import { CHROMIUM_ARGS } from './test/support/engines/chromium.mjs'
import { webkitLauncher } from './test/support/webkit-launcher.mjs'

const { chromium, firefox } = findBrowsers()
const wanted = process.env.ENGINES?.split(',')

const launchers = {
  chromium: () =>
    chromeLauncher({ launchOptions: { executablePath: chromium, args: CHROMIUM_ARGS } }),
  firefox: () =>
    chromeLauncher({ puppeteer, launchOptions: { browser: 'firefox', executablePath: firefox } }),
  webkit: webkitLauncher,
}

/** @type {import('@web/test-runner').TestRunnerConfig} */
export default {
  files: 'test/browser/**/*.test.ts',
  // Without the browser condition nanoid comes with Node's crypto.
  nodeResolve: { browser: true, exportConditions: ['browser', 'development'] },
  plugins: [esbuildPlugin({ ts: true, target: 'es2020' })],
  browsers: Object.keys(launchers)
    .filter(name => !wanted || wanted.includes(name))
    .map(name => launchers[name]()),
  // Test files share an origin, and so its storage.
  concurrency: 1,
  testFramework: { config: { timeout: 20_000 } },
}

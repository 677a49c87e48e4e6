// `node scripts/screenshot.mjs`: takes the picture in docs/debugging.md again, from the demo in Chromium.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import puppeteer from 'puppeteer-core'
import { ensureBrowsers } from '../test/support/browsers.mjs'
import { CHROMIUM_ARGS } from '../test/support/engines/chromium.mjs'
import { freePort } from '../test/support/ports.mjs'
import { start } from '../test/support/processes.mjs'

const path = name => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** Starts the demo, and gives its address. */
async function startDemo() {
  const server = start(process.execPath, [path('demo/server.mjs')], {
    env: { PORT: await freePort() },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  server.stdout.unref()
  return line.split(' ')[0]
}

/** Waits until the panel shows all of these. */
const shows = (page, ...texts) =>
  page.waitForFunction(
    texts => {
      const { shadowRoot } = document.querySelector('pw-debug') ?? {}
      return texts.every(text => shadowRoot?.textContent.includes(text))
    },
    {},
    texts,
  )

const site = await startDemo()
const browser = await puppeteer.launch({
  executablePath: ensureBrowsers().chromium,
  args: CHROMIUM_ARGS,
  defaultViewport: { width: 1200, height: 760 },
})
const page = await browser.newPage()
await page.goto(`${site}/#pw-debug`)
await page.evaluate(() => {
  pw('register', 'user_3078a')
  pw('event', 'productViewed', { product: 'sencha', price: 14 })
  pw('event', 'orderPlaced', ['A-1'])
})
await shows(page, 'user_3078a', 'productViewed', 'delivered', 'refused')
await page.evaluate(() => fetch('/control?mode=down', { method: 'POST' }))
// By script, as the panel may lie over it.
await page.evaluate(() => document.querySelector('#products .plain').click())
await shows(page, 'addedToCart', 'sent 1', 'Outbox: 1')
await page.screenshot({ path: path('docs/debugging.png') })
await browser.close()
process.exit()

import { createSandbox } from '../../demo/sandbox.mjs'
import { launch } from '../../test/support/engine.mjs'
import { watchArrivals } from './arrivals.mjs'
import { makePages } from './make-pages.mjs'
import { startMeter } from './meter.mjs'
import { servePages } from './pages.mjs'

const APPLICATION = 'AAAAA-BBBBB'
const TOKEN = 'bench-device-token'

/**
 * A Chromium, pages with the tag and pages with a bare `fetch`, and the sandbox of the API on another site than these.
 * @typedef {object} Stage
 * @property {ReturnType<typeof createSandbox>} api
 * @property {ReturnType<typeof watchArrivals>} arrivals
 * @property {import('../../test/support/engine.mjs').Browser} browser
 * @property {string} origin of the pages
 * @property {Awaited<ReturnType<typeof startMeter>>} [meter] between the pages and the API
 */

/**
 * @param {(stage: Stage) => Promise<T>} run
 * @param {{ metered?: boolean }} [options]
 * @returns {Promise<T>}
 * @template T
 */
export async function withStage(run, { metered = false } = {}) {
  const api = createSandbox({ token: TOKEN })
  const endpoint = new URL(await api.listen())
  const meter = metered ? await startMeter(Number(endpoint.port)) : undefined
  endpoint.hostname = 'localhost'
  if (meter) endpoint.port = meter.port
  // By itself it closes each connection, for the sake of tests; the API keeps them.
  api.behave({ headers: { connection: null } })
  const options = { application: APPLICATION, token: TOKEN, endpoint: endpoint.href }
  const pages = await servePages(await makePages(options))
  const browser = await launch('chromium')
  try {
    return await run({
      api,
      arrivals: watchArrivals(api),
      browser,
      origin: pages.origin,
      meter,
    })
  } finally {
    await browser.kill()
    await pages.close()
    await meter?.close()
    await api.stop()
  }
}

/**
 * Gives `act` a page of a visitor who has never been here.
 * @param {Stage} stage
 * @param {string} path
 * @param {(page: import('../../test/support/engine.mjs').Page, context: import('../../test/support/engine.mjs').Browser) =>
 *   Promise<T>} act
 * @returns {Promise<T>}
 * @template T
 */
export async function onFreshPage({ browser, origin }, path, act) {
  const context = await browser.fresh()
  try {
    return await act(await context.open(origin + path), context)
  } finally {
    await context.close()
  }
}

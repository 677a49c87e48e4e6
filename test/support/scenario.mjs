import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox } from '../../demo/sandbox.mjs'
import { ENGINES, launch, wantedEngines } from './engine.mjs'
import { listenOnOwnPort } from './ports.mjs'
import { createSite } from './site.mjs'

export { counts, expectExactlyOnce } from './arrivals.mjs'
export { until } from './until.mjs'

export const APPLICATION = 'AAAAA-BBBBB'
export const TOKEN = 'test-device-token'

// One process an engine for all tests, as launches cost more than most of these. A launch takes Firefox two seconds, in
// which the others have their turn; and fifty where many other browsers keep a slow machine busy, which is not the time of
// the first scenario.
const processes = new Map()

const shared = engine => {
  if (!processes.has(engine)) {
    const launching = launch(engine)
    // Whoever waits for it hears of it.
    launching.catch(() => {})
    processes.set(engine, launching)
  }
  return processes.get(engine)
}

before(() => processes.get('firefox'))

after(async () => {
  for (const browser of processes.values()) await (await browser).kill()
})

/**
 * What a scenario is given.
 * @typedef {object} Stage
 * @property {string} engine
 * @property {import('./engine.mjs').Browser} browser nobody has been here before
 * @property {() => Promise<import('./engine.mjs').Browser>} relaunch the browser again, with its profile, after
 *   `browser.kill()` or `close()` (only with `kept`)
 * @property {Awaited<ReturnType<typeof createSite>>} site
 * @property {Awaited<ReturnType<typeof createSite>>} other another site: neither its origin nor its site is the first's
 * @property {ReturnType<typeof createSandbox>} api on another site than `site`
 * @property {{ application: string, token: string, endpoint: string }} options for `init`
 * @property {import('node:test').TestContext} t
 */

/**
 * Registers one test an engine. At its end nothing may have gone wrong on a page.
 * @param {string} title
 * @param {object} options
 * @param {string[]} [options.engines] if it is not for all of them
 * @param {boolean} [options.kept] the browser can be killed and comes back; see engines/webkit-kept.mjs
 * @param {boolean} [options.withErrors] the page's own errors are part of it
 * @param {number} [options.timeout] in ms
 * @param {(stage: Stage) => Promise<void>} run
 */
export function scenario(title, options, run) {
  const { engines = ENGINES, kept, withErrors, timeout = 60_000 } = options
  for (const engine of wantedEngines.filter(name => engines.includes(name))) {
    if (engine === 'firefox' && !kept) shared(engine)
    test(`${title} [${engine}]`, { timeout }, async t => {
      const start = await (kept ? keep : borrow)(engine, t)
      const api = createSandbox({ token: TOKEN })
      const endpoint = await listenOnOwnPort(api.listen)
      t.after(api.stop)
      const site = await createSite()
      t.after(site.close)
      const other = await createSite({ host: 'localhost' })
      t.after(other.close)
      await run({
        engine,
        browser: await start(),
        relaunch: start,
        site,
        other,
        api,
        options: {
          application: APPLICATION,
          token: TOKEN,
          endpoint: endpoint.replace('127.0.0.1', 'localhost'),
        },
        t,
      })
      if (!withErrors) assert.deepEqual([...site.errors, ...other.errors], [])
    })
  }
}

const CLOSING_MS = 10_000

async function borrow(engine, t) {
  const whole = await shared(engine)
  const browser = await whole.reuse()
  t.after(async () => {
    const closing = browser.close().then(() => true)
    const givenUp = sleep(CLOSING_MS, false, { ref: false })
    if (await Promise.race([closing, givenUp]).catch(() => false)) return
    // It is in no state for others.
    processes.delete(engine)
    await whole.kill()
  })
  return async () => browser
}

async function keep(engine, t) {
  const profile = await mkdtemp(join(tmpdir(), `pw-tag-${engine}-`))
  let launching
  // A scenario that has run out of time goes on, and would start another that nobody ends.
  t.after(async () => {
    await (await launching?.catch(() => {}))?.kill()
    await rm(profile, { recursive: true, force: true, maxRetries: 3 })
  })
  return () => {
    t.signal.throwIfAborted()
    launching = launch(engine, { profile })
    return launching
  }
}

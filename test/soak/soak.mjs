import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSandbox } from '../../demo/sandbox.mjs'
import { Random } from '../simulation/random.mjs'
import { launch } from '../support/engine.mjs'
import { createSite } from '../support/site.mjs'
import { Ledger } from './ledger.mjs'
import { Visitor } from './visitor.mjs'
import { Weather } from './weather.mjs'

/** A double comes late if it comes. */
const SETTLE_MS = 1_500

/**
 * Lets a visitor walk for so long, then lets the API be good until all has arrived; gives what became of the events.
 * @param {{ engine?: string, seconds?: number, seed?: number, kills?: boolean }} options
 */
export async function soak({ engine = 'chromium', seconds = 180, seed = 1 } = {}) {
  const random = new Random(seed)
  const api = createSandbox({ token: null })
  const endpoint = (await api.listen()).replace('127.0.0.1', 'localhost')
  const site = await createSite()
  const other = await createSite({ host: 'localhost' })
  const profile = await mkdtemp(join(tmpdir(), 'pw-tag-soak-'))
  const ledger = new Ledger(api)
  const weather = new Weather({ api, random, ledger })
  let browser
  const relaunch = async () => {
    await browser?.kill()
    browser = await launch(engine, { profile })
    return browser
  }
  const options = { application: 'AAAAA-BBBBB', endpoint }
  const visitor = new Visitor({ relaunch, random, ledger, weather, site, other, options })
  try {
    await visitor.start()
    for (const end = Date.now() + 1_000 * seconds; Date.now() < end; ) await visitor.step()
    await weather.change('good')
    const visits = await visitor.finish()
    await sleep(SETTLE_MS)
    return { ...ledger.close(), visits, errors: site.errors, tell: name => ledger.tell(name) }
  } finally {
    await browser?.kill()
    await Promise.all([api.stop(), site.close(), other.close()])
    await rm(profile, { recursive: true, force: true, maxRetries: 3 })
  }
}

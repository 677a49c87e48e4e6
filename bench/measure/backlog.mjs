import { until } from '../../test/support/until.mjs'

/** How many requests of the site wait. */
const waiting = page =>
  page.evaluate(() => new Promise(resolve => pw('get', state => resolve(state.waiting))))

/** Waits until the tag runs and has a HWID. */
export const running = page =>
  page.waitFor(
    () => window.pw && pw.v && new Promise(resolve => pw('get', ({ hwid }) => resolve(hwid))),
  )

/** Calls these events while the API is away, and waits until all are in the outbox. */
export async function fill(page, names) {
  await running(page)
  await page.evaluate(name => byTag(name), names[0])
  // The others are stored at once, when one has failed.
  await page.waitFor(() => localStorage['pw-tag.down'])
  await page.evaluate(list => list.forEach(byTag), names.slice(1))
  await until(async () => (await waiting(page)) === names.length, { timeout: 60_000 })
}

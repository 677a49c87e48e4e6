// The API is away, or misbehaves: SPEC 5.3.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { scenario, until } from '../support/scenario.mjs'
import { expectAll, names, openTagged, running, tagged, waiting } from './delivery.mjs'

const callAll = (page, list) =>
  page.evaluate(many => {
    for (const name of many) pw('event', name)
  }, list)

/** Calls 200 events over reloads, new visits and another site, while the API is away. */
async function callThroughOutage(stage, prefix = 'Out', n = 200) {
  const called = names(prefix, n)
  let page = await openTagged(stage)
  const part = n / 10
  for (let i = 0; i < 10; i++) {
    await callAll(page, called.slice(i * part, (i + 1) * part))
    if (i % 5 === 1) await sleep(1000)
    if (i % 3 === 0) await page.reload()
    else if (i % 3 === 1) {
      await page.goto(stage.other.page())
      await page.goto(tagged(stage, { n: i }))
    } else {
      const next = await openTagged(stage, { n: i })
      await page.close()
      page = next
    }
    await running(page)
  }
  return { called, page }
}

const flush = page => page.evaluate(() => new Promise(resolve => pw('flush', resolve, 30000)))

const OUTAGES = {
  'refuses connections': { refuse: true },
  hangs: { how: { hang: true }, mayDouble: true },
  'answers 500': { how: { status: 500 } },
  'answers 503': { how: { status: 503 } },
  'answers 429 with Retry-After': { how: { status: 429, retryAfter: 2 } },
  'loses its answers': { how: { lose: true }, mayDouble: true },
}

for (const [what, { refuse, how, mayDouble = false }] of Object.entries(OUTAGES)) {
  scenario(`the API ${what}, across visits`, { timeout: 120_000 }, async stage => {
    const { api } = stage
    if (refuse) await api.stop()
    else api.behave(how)
    const { called, page } = await callThroughOutage(stage)
    if (refuse) await api.listen()
    else api.behave()
    if (how?.retryAfter) await sleep(2500)
    const done = await flush(page)
    await expectAll(stage, called, { timeout: 45_000, settle: 3000, mayDouble: () => mayDouble })
    await until(async () => (await waiting(page)) === 0)
    assert.equal(done, true)
  })
}

scenario('waits as long as Retry-After asks', {}, async stage => {
  const { api } = stage
  api.behave({ status: 429, retryAfter: 4, times: 1 })
  const page = await openTagged(stage)
  await callAll(page, ['First'])
  // The page has to have read the answer: what is in flight when it leaves counts as delivered.
  await page.waitFor(() => localStorage['pw-tag.down'])
  const asked = Date.now()
  await callAll(page, ['Second'])
  await page.reload()
  await running(page)
  await callAll(page, ['Third'])
  await expectAll(stage, ['First', 'Second', 'Third'])
  for (const { at } of api.accepted()) assert.ok(at - asked > 3500, `${at - asked} ms`)
})

const clock = days => `<script>(function (N) {
  var D = Date
  Date = function (a) { return arguments.length ? new (Function.prototype.bind.apply(D, [null].concat([].slice.call(arguments))))() : new D(Date.now()) }
  Date.prototype = D.prototype; Date.UTC = D.UTC; Date.parse = D.parse
  Date.now = function () { return D.now() + N }
})(${days} * 864e5)</script>`

// In the page: `ends` tells what became of its requests.
const LISTEN = `<script>
  ends = []
  pw('on', '*', function (end) { ends.push([end.type, end.reason, end.request.event]) })
</script>`

scenario('drops what is older than seven days, and says so', {}, async stage => {
  await stage.api.stop()
  const first = await openTagged(stage, { head: clock(-8) })
  await callAll(first, ['Old-1', 'Old-2'])
  await until(async () => (await waiting(first)) === 2)
  await sleep(1500)
  await first.goto(tagged(stage, { head: clock(-6) }))
  await running(first)
  await callAll(first, ['Young-1', 'Young-2'])
  await sleep(1500)
  await stage.api.listen()
  await first.goto(tagged(stage, { body: LISTEN }))
  await running(first)
  await flush(first)
  await expectAll(stage, ['Young-1', 'Young-2'])
  const dropped = (await first.evaluate('ends')).filter(([type]) => type === 'dropped')
  assert.deepEqual(dropped.sort(), [
    ['dropped', 'too old', 'Old-1'],
    ['dropped', 'too old', 'Old-2'],
  ])
})

scenario('keeps the newest thousand, and says so', { timeout: 120_000 }, async stage => {
  await stage.api.stop()
  const called = names('Many', 1010)
  const page = await openTagged(stage, { body: LISTEN })
  await callAll(page, ['Opens'])
  await sleep(3000)
  await callAll(page, called)
  await until(async () => (await waiting(page)) === 1000, { timeout: 30_000 })
  await until(() => page.evaluate(() => ends.filter(([type]) => type === 'dropped').length === 11))
  const dropped = await page.evaluate(() => ends.map(end => end[2]))
  assert.deepEqual(dropped.sort(), ['Opens', ...called.slice(0, 10)].sort())
  await stage.api.listen()
  await flush(page)
  // What this page could not get at would come from the next.
  await page.goto(tagged(stage, { n: 2 }))
  await running(page)
  await flush(page)
  await expectAll(stage, called.slice(10), { timeout: 60_000 })
})

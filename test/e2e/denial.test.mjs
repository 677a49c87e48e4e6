// A denial erases all that the tag has stored, ends what is under way, and leaves nothing to come: SPEC 6.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { expectNothingStored, NOTHING, stored } from '../support/stored.mjs'
import { loaded, state, stubPage, taken } from '../support/tag.mjs'

/** How many requests for an event have come, whatever became of them. */
const came = (api, name) => api.requests.filter(({ request }) => request?.event === name).length

scenario('denied and then granted: a new HWID, and nothing from before', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('register', 'u'), pw('event', 'A')`))
  await expectExactlyOnce(api, ['A'], { settle: 0 })
  await until(async () => (await state(page)).waiting === 0)
  api.behave({ status: 503 })
  await page.evaluate(`void pw('event', 'Lost')`)
  // A denial can't call back what is on its way.
  await until(async () => came(api, 'Lost') && (await state(page)).waiting === 1)
  await page.evaluate(`void (pw('consent', 'denied'), pw('event', 'Never'))`)
  await expectNothingStored(page)
  const { hwid, userId, waiting } = await state(page)
  assert.deepEqual([hwid, userId, waiting], [null, null, 0])
  api.behave()
  await page.evaluate(`void (pw('consent', 'granted'), pw('event', 'B'))`)
  await expectExactlyOnce(api, ['A', 'B'], { settle: 500 })
  const [a, b] = taken(api)
  assert.match(b.hwid, /^[0-9a-f]{32}$/)
  assert.notEqual(a.hwid, b.hwid)
  assert.ok(!('userId' in b))
})

scenario('denied and granted again at once, with another tab open', {}, async stage => {
  const { browser, api } = stage
  const other = await browser.open(stubPage(stage, `pw('event', 'A')`))
  const page = await browser.open(stubPage(stage, `pw('event', 'B')`))
  await expectExactlyOnce(api, ['A', 'B'], { settle: 300 })
  await page.evaluate(() => {
    pw('consent', 'denied')
    setTimeout(() => {
      pw('consent', 'granted')
      pw('event', 'C')
    })
  })
  await expectExactlyOnce(api, ['A', 'B', 'C'], { settle: 500 })
  // The other tab has heard of it by now.
  assert.notEqual((await state(other)).hwid, taken(api)[0].hwid)
  await page.evaluate(`void pw('event', 'D')`)
  await expectExactlyOnce(api, ['A', 'B', 'C', 'D'], { settle: 0 })
  assert.equal((await state(page)).consent, 'granted')
})

scenario('a user who was registered in the script of a denial is forgotten', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`))
  await expectExactlyOnce(api, ['A'], { settle: 300 })
  await page.evaluate(() => {
    pw('register', 'secret')
    pw('consent', 'denied')
    pw('consent', 'granted')
    pw('event', 'B')
  })
  await expectExactlyOnce(api, ['A', 'B'], { settle: 300 })
  await page.goto(stubPage(stage, `pw('event', 'C')`))
  await expectExactlyOnce(api, ['A', 'B', 'C'], { settle: 0 })
  assert.deepEqual(new Set(taken(api).map(({ userId }) => userId)), new Set([undefined]))
})

scenario('a denial erases what is stored, in other open tabs too', {}, async stage => {
  const { browser, api } = stage
  const other = await browser.open(stubPage(stage, `pw('event', 'A')`))
  const page = await browser.open(stubPage(stage, `pw('event', 'B')`))
  await expectExactlyOnce(api, ['A', 'B'], { settle: 0 })
  // For so long nothing is tried again: a try might arrive after the denial, having been sent before it.
  api.behave({ status: 503, retryAfter: 60 })
  await other.evaluate(`void pw('event', 'Lost')`)
  await until(async () => came(api, 'Lost') === 1 && (await state(page)).waiting === 1)
  await page.evaluate(`void pw('event', 'Lost')`)
  await until(async () => (await state(page)).waiting === 2)
  await page.evaluate(`void pw('consent', 'denied')`)
  await until(async () => (await state(other)).consent === 'denied')
  api.reset()
  await other.evaluate(`void (pw('event', 'Never'), pw('register', 'never'))`)
  await expectNothingStored(page)
  await sleep(1_200)
  assert.deepEqual(await stored(other), NOTHING)
  assert.equal(api.requests.length, 0)
})

scenario('what was asked before a denial is answered', {}, async stage => {
  const page = await stage.browser.open(stubPage(stage, `pw('event', 'A')`))
  await expectExactlyOnce(stage.api, ['A'], { settle: 0 })
  const answer = await page.evaluate(() => {
    const asked = new Promise(resolve => pw('get', resolve))
    const flushed = new Promise(resolve => pw('flush', resolve, 500))
    pw('consent', 'denied')
    return Promise.race([
      Promise.all([asked, flushed]),
      new Promise(resolve => setTimeout(resolve, 3_000)),
    ])
  })
  assert.ok(answer, 'no answer')
  const [{ consent, waiting }, delivered] = answer
  assert.deepEqual([consent, waiting, delivered], ['granted', 0, false])
})

scenario('a denial while other tabs are writing', {}, async stage => {
  const { browser, api } = stage
  api.behave({ status: 503 })
  const busy = `setInterval(function () { pw('event', 'Busy') }, 5)`
  const others = []
  for (let i = 0; i < 2; i++) others.push(await browser.open(stubPage(stage, busy)))
  const page = await browser.open(stubPage(stage, busy))
  for (const tab of [...others, page]) await loaded(tab)
  await until(async () => (await state(page)).waiting > 20)
  await page.evaluate(`void pw('consent', 'denied')`)
  for (const tab of others) await until(async () => (await state(tab)).consent === 'denied')
  const asked = api.requests.length
  await expectNothingStored(page)
  await sleep(1_500)
  assert.deepEqual(await stored(page), NOTHING)
  assert.equal(api.requests.length, asked)
})

const moments = {
  'IndexedDB is opening': [{}, `pw('event', 'A'); pw('consent', 'denied')`],
  'a request is under way': [{ delayMs: 600 }, `pw('event', 'A')`, 300],
  'a request under way has been stored': [{ delayMs: 2_000 }, `pw('event', 'A')`, 1_300],
  'the API is away': [{ status: 503 }, `pw('event', 'A'); pw('event', 'B')`, 1_200],
  'a backlog is sent': [{ delayMs: 300 }, `pw('event', 'Now')`, 400, true],
}
for (const [what, [how, calls, wait = 0, backlog]] of Object.entries(moments)) {
  scenario(`a denial while ${what}`, {}, async stage => {
    const { browser, api } = stage
    const page = await browser.open(stage.site.page())
    if (backlog) {
      api.behave({ status: 503 })
      await page.goto(stubPage(stage))
      await loaded(page)
      // When one has failed the others are stored, and nothing of this page's stands in the browser's own queue.
      await page.evaluate(`void pw('event', 'Old 0')`)
      await page.waitFor(() => localStorage['pw-tag.down'])
      await page.evaluate(
        `void (function () { for (var i = 1; i < 40; i++) pw('event', 'Old ' + i) })()`,
      )
      await until(async () => (await state(page)).waiting === 40)
    }
    api.behave(how)
    await page.goto(stubPage(stage, calls))
    await loaded(page)
    await sleep(wait)
    await page.evaluate(`void pw('consent', 'denied')`)
    const denied = Date.now()
    const asked = api.requests.length
    await expectNothingStored(page)
    await sleep(how.delayMs ? how.delayMs + 500 : 500)
    assert.deepEqual(await stored(page), NOTHING)
    // What the browser still has in its own queue can't be called back: Chromium 156 and WebKit send on what outlives a page
    // though it is aborted. Nothing else may come.
    const late = api.requests.slice(asked).map(({ at }) => at - denied)
    assert.ok(late.length <= 10 && late.every(ms => ms < 500), late.join())
    await page.goto(stage.site.page())
    assert.deepEqual(await stored(page), NOTHING)
  })
}

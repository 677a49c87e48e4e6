// What README says may be lost: that this is lost, and nothing else. Where one of these fails because more has arrived, README
// can promise more.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { counts, scenario, until } from '../support/scenario.mjs'
import {
  callAll,
  expectAll,
  flushed,
  leaveBacklog,
  names,
  openTagged,
  running,
  tagged,
  waiting,
} from './delivery.mjs'

const NO_STORAGE = `<script>['localStorage', 'indexedDB'].forEach(function (name) {
  Object.defineProperty(window, name, { get: function () {} })
})</script>`
const FULL = `<script>Storage.prototype.setItem = function () {
  throw new DOMException('Full', 'QuotaExceededError')
}</script>`
const A_MINUTE_ON = `<script>(function (now) {
  Date.now = function () { return now() + 60000 }
})(Date.now)</script>`

/** The page calls these when all that it can still do is to hand over, or to write into localStorage. */
const callAsItLeaves = (page, called, to) =>
  page.leaveBy(
    (many, url) => {
      addEventListener('pagehide', () => {
        for (const name of many) pw('event', name)
      })
      location.href = url
    },
    [called, to],
  )

/** On the next page, while all is well, an event is called: beside it exactly `kept` arrive, and none twice of what `mayMiss`. */
async function expectKept(stage, page, kept, mayMiss = []) {
  stage.api.behave()
  await page.goto(tagged(stage, { n: 'after' }))
  await running(page)
  await callAll(page, ['After'])
  assert.equal(await flushed(page), true)
  await expectAll(stage, [...kept, 'After'], { mayMiss })
}

scenario('a page without any storage is left during an outage', {}, async stage => {
  const page = await openTagged(stage, { head: NO_STORAGE })
  await callAll(page, ['Before'])
  await until(async () => (await waiting(page)) === 0)
  stage.api.behave({ status: 503 })
  await callAll(page, ['Lost'])
  await until(() => stage.api.requests.some(({ request }) => request.event === 'Lost'))
  await page.goto(stage.other.page())
  await expectKept(stage, page, ['Before'])
})

for (const [what, script] of [
  ['empties localStorage', `pw('event', 'Lost'); localStorage.clear()`],
  [
    'is denied and granted consent',
    `pw('event', 'Void'); pw('consent', 'denied'); pw('consent', 'granted'); pw('event', 'Lost')`,
  ],
]) {
  scenario(`a page ${what}, and is left before pw.js is there`, {}, async stage => {
    const query = { src: '/pw.js?delay=2000', body: `<script>${script}</script>` }
    const page = await stage.browser.open(tagged(stage, query), { until: 'domcontentloaded' })
    await page.goto(stage.other.page())
    await expectKept(stage, page, [])
  })
}

scenario('a page without room in localStorage is left during an outage', {}, async stage => {
  const page = await openTagged(stage, { head: FULL })
  stage.api.behave({ status: 503 })
  await callAll(page, ['Stored'])
  await until(() => stage.api.requests.length > 1)
  await until(async () => (await waiting(page)) === 1)
  await callAsItLeaves(page, ['Lost'], stage.other.page())
  await expectKept(stage, page, ['Stored'])
})

scenario('a page without room in localStorage calls much as it is left', {}, async stage => {
  const called = names('Many', 80)
  const page = await openTagged(stage, { head: FULL })
  await callAsItLeaves(page, called, stage.other.page())
  await expectKept(stage, page, called.slice(0, 60))
})

scenario('the API fails as a page leaves, and is not asked again for long', {}, async stage => {
  const page = await openTagged(stage)
  // The page has to be gone before it hears of that.
  stage.api.behave(({ request }) => ({
    status: 503,
    delayMs: request.event === 'Lost' ? 1_500 : 0,
  }))
  await callAll(page, ['Lost'])
  await until(() => stage.api.requests.some(({ request }) => request.event === 'Lost'))
  await page.goto(tagged(stage, { head: A_MINUTE_ON }))
  await running(page)
  await callAll(page, ['Next'])
  await page.waitFor(() => localStorage['pw-tag.down'])
  stage.api.behave()
  assert.equal(await flushed(page), true)
  await expectKept(stage, page, ['Next'])
})

scenario('pages are left at once while the API hangs', {}, async stage => {
  const page = await openTagged(stage)
  await callAll(page, ['Before'])
  await until(async () => (await waiting(page)) === 0)
  stage.api.behave({ hang: true })
  for (const n of [1, 2]) {
    await page.leaveBy(
      (name, url) => {
        pw('event', name)
        location.href = url
      },
      [`Lost-${n}`, tagged(stage, { n })],
    )
    await running(page)
  }
  await expectKept(stage, page, ['Before'])
})

// It runs before the tag's own: Firefox ended it in 7 of 10 closes, and let no request through that the others began.
scenario(
  'a capturing listener that was there first calls as its tab is closed',
  { engines: ['firefox'] },
  async stage => {
    await stage.browser.open(stage.other.page())
    const called = names('First', 6)
    for (const name of called) {
      const head = `<script>addEventListener('pagehide', function () { pw('event', '${name}') }, true)</script>`
      const page = await openTagged(stage, { head })
      await callAll(page, [`Before-${name}`])
      await flushed(page)
      await page.close({ abrupt: true })
    }
    const page = await openTagged(stage)
    await expectKept(
      stage,
      page,
      called.map(name => `Before-${name}`),
      called,
    )
    stage.t.diagnostic(
      `arrived: ${called.filter(name => counts(stage.api)[name]).length} of ${called.length}`,
    )
  },
)

/** The first log-in is longer on its way than the second waits for it, and the user that remains is the wrong one. */
const expectOvertaken = async ({ api }) => {
  const users = () => api.accepted('registerUser').map(({ request }) => request.userId)
  await until(() => users().length === 2, { timeout: 10_000 })
  assert.deepEqual(users(), ['new', 'old'])
}

const LATE = { preflightDelayMs: 3_000, times: 1, maxAge: 0 }

scenario('a log-in is overtaken by that of the next page', {}, async stage => {
  const page = await openTagged(stage)
  stage.api.behave(LATE)
  await page.leaveBy(
    url => {
      pw('register', 'old')
      location.href = url
    },
    [tagged(stage, { n: 'next' })],
  )
  await running(page)
  await page.evaluate(() => pw('register', 'new'))
  await expectOvertaken(stage)
})

scenario('a log-in is overtaken by that of another tab', {}, async stage => {
  const tabs = [await openTagged(stage, { tab: 1 }), await openTagged(stage, { tab: 2 })]
  stage.api.behave(LATE)
  await tabs[0].evaluate(() => pw('register', 'old'))
  await until(() => stage.api.preflights.length)
  await tabs[1].evaluate(() => pw('register', 'new'))
  await expectOvertaken(stage)
})

scenario(
  'a page that is still loading is left after many calls',
  { engines: ['webkit'] },
  async stage => {
    const called = names('Many', 80)
    const body = '<img src="/page?delay=20000">'
    const page = await stage.browser.open(tagged(stage, { body }), { until: 'domcontentloaded' })
    await running(page)
    await flushed(page)
    await page.leaveBy(
      (many, url) => {
        for (const name of many) pw('event', name)
        location.href = url
      },
      [called, stage.other.page()],
    )
    await expectKept(stage, page, called.slice(0, 60), called.slice(60))
  },
)

// As soon as a page is to be left, WebKit ends what it loads, without an answer.
for (const [what, query] of [
  ['that takes over 2 s to come', { delay: 2_500 }],
  ['that never comes, as with a download', { status: 204 }],
]) {
  scenario(
    `a page is left for one ${what}, with a request under way`,
    { engines: ['webkit'] },
    async stage => {
      const page = await openTagged(stage)
      stage.api.behave({ delayMs: 500 })
      await callAll(page, ['Twice'])
      await until(() => stage.api.requests.some(({ request }) => request.event === 'Twice'))
      const to = stage.other.page(query)
      await page.navigateAway(to)
      if (query.delay) {
        await page.waitFor(url => location.href === url, to)
        await page.goto(tagged(stage))
      }
      const isTwice = async () => {
        await page.evaluate(`void pw('flush')`)
        return counts(stage.api).Twice > 1
      }
      await until(isTwice, { timeout: 20_000, interval: 1_000 })
    },
  )
}

scenario(
  'the browser is killed while a page is loading, with requests under way',
  { engines: ['webkit'], kept: true, timeout: 180_000 },
  async stage => {
    const { api, browser } = stage
    await (await leaveBacklog(stage, ['Left-1', 'Left-2'])).close()
    let asked = 0
    // Answered once, it doesn't count as away.
    api.behave(() => asked++ && { hang: true })
    await api.listen()
    const query = { body: '<img src="/page?delay=20000">' }
    const page = await browser.open(tagged(stage, query), { until: 'domcontentloaded' })
    await running(page)
    await callAll(page, ['Called'])
    await until(() => asked === 3)
    await sleep(2_500)
    await browser.kill()
    const kept = Object.keys(counts(api))
    assert.equal(kept.length, 1)
    await expectKept(stage, await (await stage.relaunch()).open(stage.other.page()), kept)
  },
)

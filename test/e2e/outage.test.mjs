// The API is away, or misbehaves: SPEC 5.3.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { scenario, until } from '../support/scenario.mjs'
import {
  callAll,
  expectAll,
  flushed,
  names,
  openTagged,
  running,
  tagged,
  tally,
  waiting,
} from './delivery.mjs'

/** Calls 100 events over reloads, new visits and another site, while the API is away. */
async function callThroughOutage(stage, firstStayMs) {
  const called = names('Out', 100)
  let page = await openTagged(stage)
  for (let i = 0; i < 5; i++) {
    await callAll(page, called.slice(i * 20, (i + 1) * 20))
    if (!i) await sleep(firstStayMs)
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

const isDown = () => localStorage['pw-tag.down']

const OUTAGES = {
  'refuses connections': { refuse: true },
  // Once a page has noticed that nothing is answered, in 10 s: until then, what is in flight counts as delivered.
  hangs: {
    how: { hang: true },
    engines: ['chromium'],
    restart: true,
    mayDouble: true,
    firstStayMs: 11_000,
  },
  'answers 503': { how: { status: 503 }, engines: ['webkit'] },
  'answers 429 with Retry-After': { how: { status: 429, retryAfter: 1 }, engines: ['firefox'] },
  'loses its answers': { how: { lose: true }, mayDouble: true, engines: ['chromium'] },
}

for (const [what, outage] of Object.entries(OUTAGES)) {
  const { engines, refuse, how, restart, mayDouble = false, firstStayMs = 0 } = outage
  scenario(`the API ${what}, across visits`, { engines }, async stage => {
    const { api } = stage
    if (refuse) await api.stop()
    else api.behave(how)
    const { called, page } = await callThroughOutage(stage, firstStayMs)
    // Cuts what hangs: browsers send no more than six requests at a time to one host, those of pages gone included.
    if (restart) await api.stop()
    if (refuse || restart) await api.listen()
    api.behave()
    if (how?.retryAfter) await sleep(1000 * how.retryAfter)
    assert.equal(await flushed(page), true)
    await expectAll(stage, called, { mayDouble: () => mayDouble })
    assert.equal(await waiting(page), 0)
  })
}

/** A page whose clock is so many ms ahead, or behind, and by as much as it says later. */
const ahead = ms => `<script>(function (now) {
  window.ahead = ${ms}
  Date.now = function () { return now() + ahead }
})(Date.now)</script>`

/** Leaves for a page on which so much more time has passed, with these under way. */
async function leaveWith(page, called, to) {
  await page.leaveBy(
    (many, url) => {
      for (const name of many) pw('event', name)
      location.href = url
    },
    [called, to],
  )
  await running(page)
}

/** The next that is called fails; and later all arrives. */
async function failNext({ api }, page) {
  api.behave({ status: 503 })
  await callAll(page, ['Next'])
  await page.waitFor(isDown)
  api.behave()
  assert.equal(await flushed(page), true)
}

scenario('the API begins to fail as a page leaves', {}, async stage => {
  const called = names('Doubt', 3)
  const page = await openTagged(stage)
  stage.api.behave({ status: 503, delayMs: 500 })
  await leaveWith(page, called, tagged(stage, { head: ahead(-1_000) }))
  await failNext(stage, page)
  await expectAll(stage, [...called, 'Next'])
})

scenario('the API fails on a page that has been quiet, and leaves', {}, async stage => {
  const called = names('Doubt', 3)
  const page = await openTagged(stage, { head: ahead(0) })
  stage.api.behave({ status: 503, delayMs: 500 })
  await page.evaluate(`ahead = 60000`)
  await leaveWith(page, called, tagged(stage, { head: ahead(100_000) }))
  await failNext(stage, page)
  await expectAll(stage, [...called, 'Next'])
})

scenario('the API fails a while after a page has left', {}, async stage => {
  const called = names('Taken', 3)
  const page = await openTagged(stage)
  await callAll(page, ['Answered'])
  await until(async () => (await waiting(page)) === 0)
  await leaveWith(page, called, tagged(stage, { head: ahead(4_000) }))
  await until(() => tally(stage.api, called).arrived === 3)
  await failNext(stage, page)
  await expectAll(stage, ['Answered', ...called, 'Next'])
})

scenario('the API falls silent, and a page that waits for it is left', {}, async stage => {
  const { api } = stage
  const called = ['Waits', ...names('Younger', 5), 'Last']
  const page = await openTagged(stage)
  await callAll(page, ['Answered'])
  await expectAll(stage, ['Answered'], { settle: 0 })
  api.behave({ hang: true })
  await callAll(page, called.slice(0, 1))
  // By then its being unanswered tells of the API.
  await sleep(2_500)
  await callAll(page, called.slice(1, -1))
  await sleep(700)
  await page.evaluate(
    (name, url) => {
      addEventListener('pagehide', () => pw('event', name))
      location.href = url
    },
    called.at(-1),
    tagged(stage, { n: 1 }),
  )
  await page.waitFor(`/n=1/.test(location.href)`)
  await running(page)
  // Cuts what hangs.
  await api.stop()
  api.behave()
  await api.listen()
  await page.goto(tagged(stage, { n: 2 }))
  await running(page)
  assert.equal(await flushed(page), true)
  await expectAll(stage, ['Answered', ...called], { mayDouble: name => name !== 'Answered' })
})

/** While the API does so, calls these, two a page, on pages that are left after so long; ends on one that calls nothing. */
async function callAndLeave(stage, called, how, stayMs) {
  const page = await openTagged(stage)
  await callAll(page, ['Answered'])
  await expectAll(stage, ['Answered'], { settle: 0 })
  await until(async () => (await waiting(page)) === 0)
  stage.api.behave(how)
  for (let i = 0; i < called.length; i += 2) {
    await callAll(page, called.slice(i, i + 2))
    await sleep(stayMs)
    await page.reload()
    await running(page)
  }
  return page
}

scenario('the API hangs, and no page waits long for it', {}, async stage => {
  const { api } = stage
  // Fewer than a browser has connections: more would wait in the browser, and arrive when the API is back.
  const called = names('Hangs', 6)
  const page = await callAndLeave(stage, called, { hang: true }, 1_400)
  // Cuts what hangs.
  await api.stop()
  api.behave()
  await api.listen()
  await callAll(page, ['Next'])
  assert.equal(await flushed(page), true)
  // Browsers may try again by themselves what has been cut.
  await expectAll(stage, ['Answered', ...called, 'Next'], {
    mayDouble: name => called.includes(name),
  })
})

scenario('the API is slow, and no page waits for it', {}, async stage => {
  const called = names('Slow', 6)
  const page = await callAndLeave(stage, called, { delayMs: 1_500 }, 1_000)
  await callAll(page, ['Next'])
  assert.equal(await flushed(page), true)
  await expectAll(stage, ['Answered', ...called, 'Next'], { settle: 2_000 })
})

// A clock that jumps on between two readings, as any does now and then: one of them says that it is not time yet, and the
// next that it is.
const TICKS = `<script>(function (now, n) {
  Date.now = function () { return Math.floor(now() / 40) * 40 + (n++ % 2) * 40 }
})(Date.now, 0)</script>`

scenario('tries again whatever the clock says', {}, async stage => {
  const { api } = stage
  const called = names('Tick', 6)
  for (const [n, name] of called.entries()) {
    api.behave({ status: 503, times: 1 })
    const page = await openTagged(stage, { n, head: TICKS })
    await callAll(page, [name])
    await until(() => tally(api, [name]).arrived, { timeout: 6_000 })
    // A page that is left before it has heard the answer makes the next one doubt.
    await until(async () => (await waiting(page)) === 0)
    await page.close()
  }
  await expectAll(stage, called)
})

scenario('the API is back before a page knows that it was away', {}, async stage => {
  const { api } = stage
  const page = await openTagged(stage)
  api.behave({ drop: true, delayMs: 300 })
  await callAll(page, ['Left'])
  await until(() => api.requests.length)
  await page.goto(tagged(stage, { n: 1 }))
  await running(page)
  api.behave({ drop: true })
  await callAll(page, ['Next'])
  await until(() => api.requests.some(({ request }) => request.event === 'Next'))
  // Chromium may try again by itself. The page does so half a second later: what refuses a request with `keepalive` may be the
  // quota.
  await sleep(250)
  api.behave()
  await expectAll(stage, ['Left', 'Next'])
})

// What the first one meets may only have been the quota, until it is tried once more.
scenario('a page is left before it knows that the API is away', {}, async stage => {
  const { api } = stage
  const page = await openTagged(stage)
  api.behave(({ request }) => ({ drop: true, delayMs: request.event === 'Dropped' ? 1_000 : 0 }))
  await callAll(page, ['Refused'])
  await until(() => api.requests.length)
  await callAll(page, ['Dropped'])
  await until(() => api.requests.some(({ request }) => request.event === 'Dropped'))
  await page.goto(tagged(stage, { n: 1 }))
  api.behave()
  await running(page)
  await callAll(page, ['Next'])
  // Chromium may try again by itself what has been dropped.
  const called = ['Refused', 'Dropped', 'Next']
  await expectAll(stage, called, { mayDouble: name => name !== 'Next' })
})

scenario('waits as long as Retry-After asks', { engines: ['chromium'] }, async stage => {
  const { api } = stage
  api.behave({ status: 429, retryAfter: 3, times: 1 })
  const page = await openTagged(stage)
  await callAll(page, ['First'])
  // The page has to have read the answer: what is in flight when it leaves counts as delivered.
  await page.waitFor(isDown)
  const asked = Date.now()
  await callAll(page, ['Second'])
  await page.reload()
  await running(page)
  await callAll(page, ['Third'])
  await expectAll(stage, ['First', 'Second', 'Third'])
  for (const { at } of api.accepted()) assert.ok(at - asked > 2500, `${at - asked} ms`)
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

scenario(
  'drops what is older than seven days, and says so',
  { engines: ['chromium'] },
  async stage => {
    await stage.api.stop()
    const first = await openTagged(stage, { head: clock(-8) })
    await callAll(first, ['Old-1', 'Old-2'])
    await first.waitFor(isDown)
    await first.goto(tagged(stage, { head: clock(-6) }))
    await running(first)
    await callAll(first, ['Young-1', 'Young-2'])
    // By the clock of that page the old ones are young.
    await first.goto(stage.other.page())
    await stage.api.listen()
    await first.goto(tagged(stage, { body: LISTEN }))
    await running(first)
    await flushed(first)
    await expectAll(stage, ['Young-1', 'Young-2'])
    const dropped = (await first.evaluate('ends')).filter(([type]) => type === 'dropped')
    assert.deepEqual(dropped.sort(), [
      ['dropped', 'too old', 'Old-1'],
      ['dropped', 'too old', 'Old-2'],
    ])
  },
)

scenario(
  'keeps the newest thousand, and says so',
  { engines: ['chromium'], timeout: 90_000 },
  async stage => {
    await stage.api.stop()
    const called = names('Many', 1010)
    const page = await openTagged(stage, { body: LISTEN })
    await callAll(page, ['Opens'])
    await page.waitFor(isDown)
    await callAll(page, called)
    await until(async () => (await waiting(page)) === 1000, { timeout: 30_000 })
    await until(() =>
      page.evaluate(() => ends.filter(([type]) => type === 'dropped').length === 11),
    )
    const dropped = await page.evaluate(() => ends.map(end => end[2]))
    // All of the oldest but the one, if any, that is under way.
    const oldest = ['Opens', ...called.slice(0, 11)]
    assert.deepEqual(
      dropped.filter(name => !oldest.includes(name)),
      [],
    )
    await stage.api.listen()
    await flushed(page)
    // What this page could not get at would come from the next.
    await page.goto(tagged(stage, { n: 2 }))
    await running(page)
    await flushed(page)
    const kept = called.filter(name => !dropped.includes(name))
    await expectAll(stage, kept, { timeout: 60_000 })
  },
)

// Calls made before pw.js is there: SPEC 5.2.
import assert from 'node:assert/strict'
import { scenario, until } from '../support/scenario.mjs'
import {
  callAll,
  expectAll,
  leaveBacklog,
  names,
  openTagged,
  running,
  tagged,
} from './delivery.mjs'

const SLOW = '/pw.js?delay=2000'
const BLOCKED = '/pw.js?status=404'
const events = (...list) => list.map(name => ['event', name])
const early = { until: 'domcontentloaded' }

const nowS = () => Math.floor(Date.now() / 1000)

for (const [what, src] of [
  ['is slow', SLOW],
  ['is blocked', BLOCKED],
]) {
  scenario(`pages are left, and tabs closed, while pw.js ${what}`, {}, async stage => {
    const called = names('Left', 6)
    const from = nowS()
    const page = await stage.browser.open(stage.other.page())
    for (const [i, name] of called.entries()) {
      const url = tagged(stage, { src, n: i, calls: i % 3 === 2 ? [] : events(name) })
      await page.goto(url, early)
      if (i % 3 === 2) await callAll(page, [name])
      if (i % 3 === 1) await page.goto(stage.other.page())
    }
    const closed = names('Closed', 2)
    for (const name of closed) {
      const tab = await stage.browser.open(tagged(stage, { src, calls: events(name) }), early)
      await tab.close()
    }
    const to = nowS()
    await until(() => nowS() > to)
    await page.goto(tagged(stage))
    await expectAll(stage, [...called, ...closed])
    for (const { request } of stage.api.accepted('postEvent')) {
      assert.ok(request.timestampUTC >= from && request.timestampUTC <= to)
    }
  })
}

scenario('two tabs wait for a slow pw.js, and a third adopts their calls', {}, async stage => {
  const called = []
  const slow = []
  for (const tab of ['One', 'Two']) {
    const list = names(tab, 3)
    called.push(...list)
    // Of the same address Chromium and Firefox would load one after the other.
    const url = tagged(stage, { src: `/pw.js?until=adopted&${tab}`, calls: events(...list) })
    slow.push(await stage.browser.open(url, early))
  }
  await openTagged(stage)
  await until(() => stage.api.accepted('postEvent').length >= called.length)
  for (const [i, page] of slow.entries()) {
    const later = names(`Later${i}`, 2)
    called.push(...later, `After${i}`)
    await callAll(page, later)
    assert.equal(await page.evaluate('pw.v'), 0)
  }
  stage.site.release('adopted')
  for (const [i, page] of slow.entries()) {
    await running(page)
    await callAll(page, [`After${i}`])
  }
  await expectAll(stage, called)
})

scenario('a tab opens in the moment in which the slow pw.js arrives', {}, async stage => {
  const called = []
  await stage.browser.open(stage.other.page())
  for (let i = 0; i < 3; i++) {
    const list = names(`Round${i}`, 3)
    called.push(...list)
    const url = tagged(stage, { src: `/pw.js?delay=${500 + 150 * i}`, calls: events(...list) })
    const slow = await stage.browser.open(url, early)
    const other = await openTagged(stage)
    await running(slow)
    await slow.close()
    await other.close()
  }
  await openTagged(stage)
  await expectAll(stage, called)
})

scenario('a page that never finishes loading sends what others have left', {}, async stage => {
  const called = names('Left', 8)
  await (await leaveBacklog(stage, called)).close()
  await stage.api.listen()
  const query = { body: '<img src="/page?delay=60000">' }
  const page = await stage.browser.open(tagged(stage, query), { until: 'domcontentloaded' })
  await expectAll(stage, called, { timeout: 30_000 })
  assert.equal(await page.evaluate(() => document.readyState), 'interactive')
})

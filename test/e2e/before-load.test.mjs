// Calls made before pw.js is there: SPEC 5.2.
import assert from 'node:assert/strict'
import { scenario, until } from '../support/scenario.mjs'
import { expectAll, names, openTagged, running, tagged } from './delivery.mjs'

const SLOW = '/pw.js?delay=4000'
const BLOCKED = '/pw.js?status=404'
const events = (...list) => list.map(name => ['event', name])
const early = { until: 'domcontentloaded' }

for (const [what, src] of [
  ['is slow', SLOW],
  ['is blocked', BLOCKED],
]) {
  scenario(`pages are left while pw.js ${what}`, {}, async stage => {
    const called = names('Left', 9)
    const from = Math.floor(Date.now() / 1000)
    const page = await stage.browser.open(stage.other.page())
    for (const [i, name] of called.entries()) {
      const url = tagged(stage, { src, n: i, calls: i % 3 === 2 ? [] : events(name) })
      await page.goto(url, early)
      if (i % 3 === 2) await page.evaluate(event => pw('event', event), name)
      if (i % 3 === 1) await page.goto(stage.other.page())
    }
    const to = Math.floor(Date.now() / 1000)
    await until(() => Date.now() / 1000 > to + 1)
    await page.goto(tagged(stage))
    await expectAll(stage, called, { settle: 3000 })
    for (const { request } of stage.api.accepted('postEvent')) {
      assert.ok(request.timestampUTC >= from && request.timestampUTC <= to)
    }
  })
}

scenario('tabs are closed while pw.js is slow', {}, async stage => {
  const called = names('Closed', 4)
  await stage.browser.open(stage.other.page())
  for (const name of called) {
    const page = await stage.browser.open(tagged(stage, { src: SLOW, calls: events(name) }), early)
    await page.close()
  }
  await openTagged(stage)
  await expectAll(stage, called, { settle: 3000 })
})

scenario('two tabs wait for a slow pw.js at once', {}, async stage => {
  const called = []
  const pages = []
  for (const tab of ['One', 'Two']) {
    const list = names(tab, 5)
    called.push(...list)
    const url = tagged(stage, { src: '/pw.js?delay=2000', calls: events(...list) })
    pages.push(await stage.browser.open(url, early))
  }
  for (const page of pages) await running(page)
  await expectAll(stage, called, { settle: 3000 })
})

scenario('another tab adopts the calls of a page that still waits for pw.js', {}, async stage => {
  const called = names('First', 3)
  const url = tagged(stage, { src: SLOW, calls: events(...called) })
  const slow = await stage.browser.open(url, early)
  await openTagged(stage)
  await until(() => stage.api.accepted('postEvent').length >= 3)
  const later = names('Later', 3)
  for (const name of later) await slow.evaluate(event => pw('event', event), name)
  assert.equal(await slow.evaluate('pw.v'), 0)
  await running(slow)
  await slow.evaluate(() => pw('event', 'After'))
  await expectAll(stage, [...called, ...later, 'After'], { settle: 3000 })
})

scenario('a tab opens in the moment in which the slow pw.js arrives', {}, async stage => {
  const called = []
  for (let i = 0; i < 4; i++) {
    const list = names(`Round${i}`, 3)
    called.push(...list)
    const url = tagged(stage, { src: `/pw.js?delay=${900 + 100 * i}`, calls: events(...list) })
    const slow = await stage.browser.open(url, early)
    const other = await openTagged(stage)
    await running(slow)
    await slow.close()
    await other.close()
  }
  await openTagged(stage)
  await expectAll(stage, called, { settle: 3000 })
})

// The stub alone, on what a page may do before pw.js is there.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { loaded, stubPage } from '../support/tag.mjs'

const early = { until: 'domcontentloaded' }
const SLOW = { src: '/pw.js?delay=900' }

scenario('a callback of flush that throws is called once', { withErrors: true }, async stage => {
  const script = `told = []
    pw('flush', function (delivered) { told.push(delivered); throw new Error('the page’s own') }, 200)`
  const page = await stage.browser.open(stubPage(stage, script, SLOW), early)
  await page.waitFor('told.length')
  assert.equal(await page.evaluate('pw.v'), 0)
  await loaded(page)
  await page.evaluate(`new Promise(done => pw('flush', done))`)
  assert.deepEqual(await page.evaluate('told'), [false])
  assert.equal((await page.evaluate('__errors')).length, 1)
})

scenario('what is no call throws nothing, and stops nothing', {}, async stage => {
  const script = `thrown = []
    ;[
      function () { pw('flush', Symbol('s')) },
      function () { pw(Symbol('s')) },
      function () { pw('event', 'Not JSON', { big: BigInt(1) }) },
      function () { pw('flush', Object.create(null)) },
      function () { pw() },
    ].forEach(function (act) { try { act() } catch (error) { thrown.push(String(error)) } })
    pw('event', 'After')`
  const page = await stage.browser.open(stubPage(stage, script, SLOW), early)
  assert.deepEqual(await page.evaluate('thrown'), [])
  await loaded(page)
  await expectExactlyOnce(stage.api, ['After'], { settle: 300 })
})

// What a tag manager pushes is read at the next call: here, together with something that can't be.
for (const how of ['pw.js comes', 'the page is left']) {
  scenario(`calls beside garbage in the queue, then ${how}`, {}, async stage => {
    const { browser, api } = stage
    const script = `pw('event', 'A')
      pw.q.push(['event', 'B'], ['event', 'Not JSON', { big: BigInt(1) }])
      pw('event', 'C')
      ${how === 'pw.js comes' ? '' : `pw('event', 'D')`}`
    const page = await browser.open(stubPage(stage, script, SLOW), early)
    if (how === 'pw.js comes') {
      await loaded(page)
      await expectExactlyOnce(api, ['A', 'B', 'C'], { settle: 1_300 })
    } else {
      await page.goto(stubPage(stage))
      await expectExactlyOnce(api, ['A', 'B', 'C', 'D'], { settle: 300 })
    }
  })
}

scenario('an image called prerendering keeps no call from the spool', {}, async stage => {
  const { browser, api } = stage
  const head = '<img name="prerendering" alt="">'
  const page = await browser.open(stubPage(stage, `pw('event', 'Left')`, { head, ...SLOW }), early)
  await page.goto(stubPage(stage))
  await expectExactlyOnce(api, ['Left'], { settle: 300 })
})

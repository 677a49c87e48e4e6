// Nothing is stored or sent before consent, all is sent after it: SPEC 6.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { expectNothing, stored } from '../support/stored.mjs'
import { loaded, state, stubPage, taken } from '../support/tag.mjs'

const SLOW = { src: '/pw.js?delay=700' }

const consenting = (stage, consent, more = {}) => ({
  ...stage,
  options: { ...stage.options, consent, ...more },
})

const CALLS = `pw('event', 'A'); pw('register', 'u'); pw('event', 'B')`
const GPC = `<script>Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true })</script>`

for (const [what, more, query] of [
  ['pending', { consent: 'pending', pageEvent: 'View' }],
  ['denied', { consent: 'denied', pageEvent: 'View' }],
  ['denied by GPC', { gpc: true, pageEvent: 'View' }, { head: GPC }],
]) {
  scenario(`${what}: nothing is stored or sent, by the stub neither`, {}, async stage => {
    const tagged = consenting(stage, undefined, more)
    const url = stubPage(tagged, CALLS, { ...query, ...SLOW })
    const page = await stage.browser.open(url, { until: 'domcontentloaded' })
    await expectNothing(stage, page, 500)
    await loaded(page)
    await page.evaluate(`void (${CALLS.replaceAll(';', ',')})`)
    await expectNothing(stage, page)
    const { consent, hwid, waiting } = await state(page)
    assert.deepEqual([consent, hwid], [what.split(' ')[0], null])
    if (what !== 'pending') assert.equal(waiting, 0)
    await page.goto(stage.other.page())
    await page.back()
    await expectNothing(stage, page, 300)
  })
}

scenario('gpc counts only where it is asked for', {}, async stage => {
  await stage.browser.open(stubPage(stage, `pw('event', 'A')`, { head: GPC }))
  await expectExactlyOnce(stage.api, ['A'], { settle: 0 })
})

scenario('a grant sends what waited, in order, with its first times', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(consenting(stage, 'pending'), CALLS, SLOW))
  const called = Math.floor(Date.now() / 1000)
  await loaded(page)
  await page.evaluate(`void pw('event', 'C')`)
  await until(() => Date.now() / 1000 > called + 2.5)
  const granted = Math.floor(Date.now() / 1000)
  await page.evaluate(`void (pw('consent', 'granted'), pw('event', 'D'))`)
  await expectExactlyOnce(api, ['A', 'B', 'C', 'D'], { settle: 200 })
  const by = Object.fromEntries(taken(api).map(request => [request.event, request]))
  assert.deepEqual(
    'ABCD'.split('').map(name => by[name].userId),
    [undefined, 'u', 'u', 'u'],
  )
  for (const name of 'AB') assert.ok(by[name].timestampUTC <= called, name)
  assert.ok(by.C.timestampUTC < granted && by.D.timestampUTC >= granted)
  assert.ok((await stored(page)).local.length)
})

for (const when of ['before', 'after']) {
  scenario(`a choice made ${when} pw.js is there`, {}, async stage => {
    const { browser, api } = stage
    const pending = consenting(stage, 'pending')
    const act = async (choice, mark) => {
      const calls = `pw('event', '${mark} 1'); pw('consent', '${choice}'); pw('event', '${mark} 2')`
      const page = await browser.open(stubPage(pending, when === 'before' ? calls : '', SLOW))
      await loaded(page)
      if (when === 'after') await page.evaluate(`void (${calls.replaceAll(';', ',')})`)
      return page
    }
    const denied = await act('denied', 'No')
    await expectNothing(stage, denied)
    await denied.close()
    await act('granted', 'Yes')
    await expectExactlyOnce(api, ['Yes 1', 'Yes 2'], { settle: 300 })
  })
}

for (const [what, init, calls] of [
  ['by init', { consent: 'denied' }, ''],
  ['by a call', {}, `pw('event', 'Before'); pw('consent', 'denied');`],
]) {
  scenario(`denied ${what}, then granted, all before pw.js`, {}, async stage => {
    const { browser, api } = stage
    const script = `${calls} pw('event', 'Denied'); pw('consent', 'granted'); pw('register', 'u'); pw('event', 'A')`
    const tagged = { ...stage, options: { ...stage.options, ...init } }
    const page = await browser.open(stubPage(tagged, script, { src: '/pw.js?delay=300' }))
    await loaded(page)
    await expectExactlyOnce(api, ['A'], { settle: 300 })
    assert.equal(taken(api)[0].userId, 'u')
  })
}

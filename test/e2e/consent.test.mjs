// Nothing is stored or sent before consent, nothing is left after a denial: SPEC 6.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { loaded, state, stubPage, taken } from '../support/tag.mjs'

const CHROMIUM = ['chromium']
const SLOW = { src: '/pw.js?delay=700' }
const NOTHING = { databases: [], local: [], session: [], cookies: '' }

const consenting = (stage, consent, more = {}) => ({
  ...stage,
  options: { ...stage.options, consent, ...more },
})

/** What is stored for the site. */
const stored = page =>
  page.evaluate(async () => ({
    databases: indexedDB.databases ? (await indexedDB.databases()).map(({ name }) => name) : [],
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    cookies: document.cookie,
  }))

const expectNothingStored = page =>
  until(async () => assert.deepEqual(await stored(page), NOTHING) ?? true, { timeout: 5_000 })

/** For as long as the page would have needed to send or store something. */
async function expectNothing({ api }, page, ms = 900) {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(100)) {
    assert.deepEqual(await stored(page), NOTHING)
  }
  assert.equal(api.requests.length + api.preflights.length, 0)
}

const CALLS = `pw('event', 'A'); pw('register', 'u'); pw('event', 'B')`
const GPC = `<script>Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true })</script>`

for (const [what, more, query] of [
  ['pending', { consent: 'pending', pageEvent: 'View' }],
  ['denied', { consent: 'denied', pageEvent: 'View' }],
  ['denied by GPC', { gpc: true, pageEvent: 'View' }, { head: GPC }],
]) {
  scenario(
    `${what}: nothing is stored or sent, by the stub neither`,
    {
      engines: what === 'pending' ? undefined : CHROMIUM,
    },
    async stage => {
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
    },
  )
}

scenario('gpc counts only where it is asked for', { engines: CHROMIUM }, async stage => {
  await stage.browser.open(stubPage(stage, `pw('event', 'A')`, { head: GPC }))
  await expectExactlyOnce(stage.api, ['A'], { settle: 0 })
})

scenario(
  'a grant sends what waited, in order, with its first times',
  { engines: CHROMIUM },
  async stage => {
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
  },
)

for (const when of ['before', 'after']) {
  scenario(`a choice made ${when} pw.js is there`, { engines: CHROMIUM }, async stage => {
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

scenario('denied and then granted: a new HWID, and nothing from before', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('register', 'u'), pw('event', 'A')`))
  await expectExactlyOnce(api, ['A'], { settle: 0 })
  await until(async () => (await state(page)).waiting === 0)
  api.behave({ status: 503 })
  await page.evaluate(`void pw('event', 'Lost')`)
  await until(async () => (await state(page)).waiting === 1)
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

scenario('a denial erases what is stored, in other open tabs too', {}, async stage => {
  const { browser, api } = stage
  const other = await browser.open(stubPage(stage, `pw('event', 'A')`))
  const page = await browser.open(stubPage(stage, `pw('event', 'B')`))
  await expectExactlyOnce(api, ['A', 'B'], { settle: 0 })
  api.behave({ status: 503 })
  for (const tab of [other, page]) await tab.evaluate(`void pw('event', 'Lost')`)
  await until(async () => (await state(page)).waiting >= 2)
  await page.evaluate(`void pw('consent', 'denied')`)
  await until(async () => (await state(other)).consent === 'denied')
  api.reset()
  await other.evaluate(`void (pw('event', 'Never'), pw('register', 'never'))`)
  await expectNothingStored(page)
  await sleep(1_200)
  assert.deepEqual(await stored(other), NOTHING)
  assert.equal(api.requests.length, 0)
})

const moments = {
  'IndexedDB is opening': [{}, `pw('event', 'A'); pw('consent', 'denied')`],
  'a request is under way': [{ delayMs: 600 }, `pw('event', 'A')`, 300],
  'a request under way has been stored': [{ delayMs: 2_000 }, `pw('event', 'A')`, 1_300],
  'the API is away': [{ status: 503 }, `pw('event', 'A'); pw('event', 'B')`, 1_200],
  'a backlog is sent': [{ delayMs: 300 }, `pw('event', 'Now')`, 400, true],
}
for (const [what, [how, calls, wait = 0, backlog]] of Object.entries(moments)) {
  scenario(`a denial while ${what}`, { engines: backlog ? undefined : CHROMIUM }, async stage => {
    const { browser, api } = stage
    const page = await browser.open(stage.site.page())
    if (backlog) {
      api.behave({ status: 503 })
      await page.goto(stubPage(stage))
      await loaded(page)
      await page.evaluate(
        `void (function () { for (var i = 0; i < 40; i++) pw('event', 'Old ' + i) })()`,
      )
      await until(async () => (await state(page)).waiting === 40)
      await until(() => api.requests.length >= 40)
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
    // What was under way may still arrive, from the browser's own queue; nothing else.
    const late = api.requests.slice(asked).map(({ at }) => at - denied)
    assert.ok(late.length <= 10 && late.every(ms => ms < 500), late.join())
    await page.goto(stage.site.page())
    assert.deepEqual(await stored(page), NOTHING)
  })
}

/** The script of README's section on consent that has this in it, with the options of the scenario. */
async function recipe(mark, { options }) {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const blocks = [...readme.matchAll(/```html\n<script>\n(.*?)<\/script>\n```/gs)].map(
    ([, code]) => code,
  )
  const code = blocks.find(block => block.includes(mark))
  const init = JSON.stringify(options).slice(1, -1)
  return code?.replace("application: 'XXXXX-XXXXX'", init)
}

const reciped = async (stage, mark, fallback) => {
  const code = (await recipe(mark, stage)) ?? fallback(JSON.stringify(stage.options).slice(1, -1))
  return stage.site.page({ stub: 1, body: `<script>${code}; pw('event', 'Called')</script>` })
}

scenario('the recipe for a banner of one’s own', { engines: CHROMIUM }, async stage => {
  const { browser, api } = stage
  const url = await reciped(stage, 'choose(')
  const page = await browser.open(url)
  await loaded(page)
  await expectNothing(stage, page, 300)
  await page.evaluate(`void choose('granted')`)
  await expectExactlyOnce(api, ['Called'], { settle: 0 })
  api.reset()
  await page.reload()
  await expectExactlyOnce(api, ['Called'], { settle: 0 })
  await page.evaluate(`void choose('denied')`)
  await until(async () => (await stored(page)).databases.length === 0)
  assert.deepEqual((await stored(page)).local, ['consent'])
  await page.reload()
  await loaded(page)
  assert.equal((await state(page)).consent, 'denied')
  assert.deepEqual((await stored(page)).local, ['consent'])
})

/** To be README's own. */
const CONSENT_MODE = options => `
  pw('init', { ${options}, consent: 'pending' })
  window.dataLayer = window.dataLayer || []
  const { push } = dataLayer
  dataLayer.push = (...calls) => {
    for (const [command, action, choice] of calls.map(call => [call[0], call[1], call[2]])) {
      if (command === 'consent' && action === 'update' && choice.analytics_storage) {
        pw('consent', choice.analytics_storage)
      }
    }
    return push.apply(dataLayer, calls)
  }`

scenario('the recipe for Google Consent Mode', { engines: CHROMIUM }, async stage => {
  const { browser, api } = stage
  const page = await browser.open(await reciped(stage, 'analytics_storage', CONSENT_MODE))
  await loaded(page)
  const consent = (action, choice) =>
    page.evaluate(
      `void function gtag() { dataLayer.push(arguments) }('consent', '${action}', ${choice})`,
    )
  await page.evaluate(`void dataLayer.push({ event: 'gtm.js' })`)
  await consent('default', `{ ad_storage: 'denied', analytics_storage: 'denied' }`)
  await consent('update', `{ ad_storage: 'granted' }`)
  await expectNothing(stage, page, 300)
  await consent('update', `{ analytics_storage: 'granted' }`)
  await consent('update', `{ analytics_storage: 'granted' }`)
  await expectExactlyOnce(api, ['Called'], { settle: 200 })
  await consent('update', `{ analytics_storage: 'denied' }`)
  await expectNothingStored(page)
  assert.equal(await page.evaluate('dataLayer.length'), 6)
})

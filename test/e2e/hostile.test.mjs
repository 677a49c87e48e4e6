// Pages that make life hard for a script: each event arrives as it was called, and the page stays as it was. SPEC 8.
// The pages are in test/pages; `node test/pages/serve.mjs` serves them to be opened by hand.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { counts, expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { loaded, state, stubPage, taken } from '../support/tag.mjs'

const CHROMIUM = ['chromium']
const ATTRIBUTES = {
  list: [1, 'two', [3], { four: 4 }],
  text: 'Zo\u00eb \u65e5\u672c \ud83d\ude80 </script> "\u2028"',
  deep: { yes: true, no: null },
  day: '2020-02-29 12:34',
}
const FIELDS = 'application hwid device_type event attributes timestampUTC timestampCurrent'.split(
  ' ',
)

const urlOf = ({ site, options }, file, query = {}) =>
  site.url(`/pages/${file}?${new URLSearchParams({ init: JSON.stringify(options), ...query })}`)

/** Opens the page, calls an event before `pw.js` is there and one after. */
async function visit(stage, file, query) {
  const page = await stage.browser.open(urlOf(stage, file, query))
  await loaded(page)
  await page.evaluate(`void pw('event', 'Tag', __test.payload())`)
  await page.evaluate('void (__test.flushed = __test.flush())')
  return page
}

/** What is on the wire is what was called, and the page is as it was but for `pw`. */
async function expectGoodGuest({ api }, page, { settle = 150 } = {}) {
  await expectExactlyOnce(api, ['Stub', 'Tag'], { settle, timeout: 8_000 })
  for (const { raw } of api.accepted('postEvent')) {
    const { request } = JSON.parse(raw)
    assert.deepEqual(Object.keys(request).sort(), FIELDS.slice().sort())
    assert.deepEqual(request.attributes, ATTRIBUTES)
    assert.match(request.hwid, /^[0-9a-f]{32}$/)
  }
  assert.equal(new Set(taken(api).map(({ hwid }) => hwid)).size, 1)
  // As text: WebDriver makes JSON on the page, which may have patched that.
  assert.equal(await page.evaluate('__test.changes().join()'), 'pw')
  assert.equal(await page.evaluate('__console.join()'), '')
  assert.equal(await page.evaluate('__errors.join()'), '')
}

const cases = {
  'id-pw': [''],
  'form-pw': [''],
  'frame-pw': [''],
  clobbered: [''],
  'prototype-js': [''],
  mootools: [''],
  enumerable: [''],
  'to-json': [''],
  amd: [''],
  'own-globals': [''],
  fetch: [
    'missing',
    'throws',
    'rejects',
    'gives undefined',
    'gives nonsense',
    'gives a thenable',
    'wraps and reads',
    'sends late',
  ],
  beacon: ['missing', 'throws', 'refuses', 'gives undefined'],
  promise: ['missing', 'replaced', 'patched'],
  storage: [
    'no database',
    'no database allowed',
    'open hangs',
    'open fails',
    'writing hangs',
    'all hangs',
    'put throws',
    'transactions throw',
    'no local storage',
    'no local storage allowed',
    'local storage is full',
    'local storage swallows all',
    'no database,no local storage',
  ],
}
// The others are a matter of the page alone.
const everywhere = ['id-pw', 'prototype-js', 'mootools']

for (const [name, ways] of Object.entries(cases)) {
  for (const how of ways) {
    const engines = everywhere.includes(name) ? undefined : CHROMIUM
    scenario(`${name} ${how}`.trim(), { engines }, async stage => {
      const page = await visit(stage, `${name}.html`, how ? { how } : {})
      await expectGoodGuest(stage, page)
      if (stage.engine !== 'chromium') return
      await page.evaluate('__test.flushed')
      await page.goto(stage.site.page())
      await page.back()
      assert.equal(await page.evaluate('__test.restored'), true, 'back/forward cache')
      await page.evaluate(`void pw('event', 'Back')`)
      await expectExactlyOnce(stage.api, ['Stub', 'Tag', 'Back'], { settle: 0 })
    })
  }
}

// Given by the header of the page, so these are made by the query of an address.
scenario('a page in windows-1251', { engines: CHROMIUM }, async stage => {
  const say = mark => `pw('event', '${mark} \\u65e5\\u0416', { v: '\\ud83d\\ude80 \\u0416' })`
  const page = await stage.browser.open(stubPage(stage, say('Stub'), { charset: 'windows-1251' }))
  await loaded(page)
  await page.evaluate(`void ${say('Tag')}`)
  await expectExactlyOnce(stage.api, ['Stub \u65e5\u0416', 'Tag \u65e5\u0416'], { settle: 0 })
  for (const { attributes } of taken(stage.api))
    assert.deepEqual(attributes, { v: '\ud83d\ude80 \u0416' })
})

scenario('a sandboxed frame', { engines: CHROMIUM }, async stage => {
  const { browser, site, api } = stage
  const inner = stubPage(
    stage,
    `pw('event', 'Stub')
    setTimeout(function () { pw('event', 'Tag') }, 1500)`,
  )
  const body = `<iframe sandbox="allow-scripts" src="${inner.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
  await browser.open(site.page({ body }))
  await expectExactlyOnce(api, ['Stub', 'Tag'], { settle: 300 })
  assert.equal(new Set(taken(api).map(({ hwid }) => hwid)).size, 1)
})

for (const [what, act] of Object.entries({
  'deleted while it is open': `indexedDB.deleteDatabase('pw-tag')`,
  'upgraded while it is open': `indexedDB.open('pw-tag', 9).onsuccess = event => event.target.result.close()`,
})) {
  scenario(`a database ${what}`, {}, async stage => {
    const { browser, api } = stage
    const page = await browser.open(stubPage(stage))
    await loaded(page)
    await page.evaluate(`new Promise(done => pw('flush', done))`)
    await page.evaluate(`void (${act})`)
    // What is called while the API is away must be stored to survive.
    api.behave({ status: 503 })
    await page.evaluate(`void (pw('event', 'A'), pw('event', 'B'))`)
    // The page has to have read the answer: what is in flight when it leaves counts as delivered.
    await page.waitFor(() => localStorage['pw-tag.down'])
    await page.evaluate(`new Promise(done => pw('get', done))`)
    await page.goto(stage.other.page())
    api.behave()
    await page.goto(stubPage(stage, `pw('event', 'C')`))
    await loaded(page)
    await page.evaluate(`void pw('flush')`)
    await expectExactlyOnce(api, ['A', 'B', 'C'], { settle: 200 })
  })
}

// Without fetch there is nothing that outlives the page.
for (const how of ['missing', 'throws']) {
  scenario(
    `a page without fetch is left at once: it ${how}`,
    { engines: ['firefox'] },
    async stage => {
      const { browser, site, api } = stage
      const page = await browser.open(urlOf(stage, 'fetch.html', { how }))
      await loaded(page)
      await page.evaluate('__test.flush()')
      api.behave({ preflightDelayMs: 500, maxAge: 0 })
      await page.evaluate(to => {
        pw('register', 'u')
        pw('event', 'Left')
        location.href = to
      }, stage.other.page())
      await page.waitFor(url => location.href === url, stage.other.page())
      api.behave()
      await page.goto(stubPage(stage))
      await until(() => counts(api).Left)
      await until(() => taken(api, 'registerUser').length, { timeout: 4_000 })
      assert.deepEqual(site.errors, [])
    },
  )
}

// What is under way is in the memory that stands in for the database as well, and so in what the page leaves behind.
scenario('a page whose IndexedDB fails leaves while it sends what waited', {}, async stage => {
  const { browser, api } = stage
  const head = `<script>IDBFactory.prototype.open = function () { throw new Error('mine') }</script>`
  api.behave({ status: 503 })
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`, { head }))
  await loaded(page)
  await page.waitFor(() => localStorage['pw-tag.down'])
  await page.evaluate(`void (pw('event', 'B'), pw('event', 'C'))`)
  await until(async () => (await state(page)).waiting === 3)
  const begun = new Set()
  api.behave(({ request }) => {
    begun.add(request?.event)
    return begun.size > 1 ? { delayMs: 700 } : undefined
  })
  await page.evaluate(`void pw('flush')`)
  await until(() => begun.size > 1)
  api.behave()
  await page.goto(stubPage(stage, `pw('event', 'D')`))
  await expectExactlyOnce(api, ['A', 'B', 'C', 'D'])
})

scenario('a page whose localStorage swallows what is written, and an outage', {}, async stage => {
  const { browser, api } = stage
  const head = '<script>Storage.prototype.setItem = function () {}</script>'
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`, { head }))
  await expectExactlyOnce(api, ['A'], { settle: 0 })
  api.behave({ status: 503, retryAfter: 60 })
  const asked = () => api.requests.filter(({ status }) => status === 503).length
  await page.evaluate(`void (pw('event', 'B'), pw('event', 'C'), pw('event', 'D'))`)
  await until(() => asked() >= 3)
  await sleep(1_000)
  assert.equal(asked(), 3)
  assert.equal((await state(page)).waiting, 3)
})

// As where a page is tested with a clock of the test's.
scenario('a page whose clock stands still is left', {}, async stage => {
  const { browser, api } = stage
  const head =
    '<script>(function (now) { Date.now = function () { return now } })(Date.now())</script>'
  // Firefox keeps no such page for going back.
  const header = 'cache-control: no-store'
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`, { head, header }))
  await expectExactlyOnce(api, ['A'], { settle: 0 })
  await page.evaluate(`void pw('event', 'B')`)
  await page.goto(stubPage(stage, `pw('event', 'C')`))
  await expectExactlyOnce(api, ['A', 'B', 'C'])
})

scenario('a page that puts a pw of its own over that of pw.mjs', {}, async stage => {
  const { browser, site, api, options } = stage
  const page = await browser.open(site.page())
  await page.evaluate(async init => {
    const { default: tag } = await import('/pw.mjs')
    tag('init', init)
    window.pw = 'mine'
    tag('event', 'A')
  }, options)
  await expectExactlyOnce(api, ['A'], { settle: 0 })
})

// The debug panel: what it shows and copies, and that it leaves the page, and what the tag does, as they are. What it makes of
// each thing that `debug` says is in unit/panel.test.mjs.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario, TOKEN, until } from '../support/scenario.mjs'
import { expectNothing, expectNothingStored } from '../support/stored.mjs'
import { flush, loaded, names, state, stubPage, taken } from '../support/tag.mjs'

const CHROMIUM = ['chromium']
const STRICT = `script-src {nonce} 'strict-dynamic'; object-src 'none'; base-uri 'none'`

const debugged = url => `${url}#pw-debug`
const isOpen = page => page.waitFor(() => document.querySelector('pw-debug').shadowRoot)

/** What a list shows: `[[name, standing], …]`, the newest first. As text, since the page may have patched what makes JSON. */
const listed = async (page, label) => {
  const text = await page.evaluate(label => {
    const { shadowRoot } = document.querySelector('pw-debug')
    const lines = []
    for (const item of shadowRoot.querySelectorAll(`[aria-label=${label}] li`)) {
      const texts = [item.querySelector('b').textContent, item.querySelector('.stage').textContent]
      lines.push(texts.join('\t'))
    }
    return lines.join('\n')
  }, label)
  return text ? text.split('\n').map(line => line.split('\t')) : []
}

const expectListed = (page, label, expected) =>
  until(async () => assert.deepEqual(await listed(page, label), expected) ?? true)
const expectCalls = (page, ...expected) => expectListed(page, 'Calls', expected)
const expectOutbox = (page, ...expected) => expectListed(page, 'Outbox', expected)

const allText = page => page.evaluate(`document.querySelector('pw-debug').shadowRoot.textContent`)

/** Presses a button of the panel, as a visitor does: in a shadow tree the drivers find nothing to click. */
async function press(page, label) {
  await page.evaluate(label => {
    document.querySelector('pw-debug').shadowRoot.querySelector(`[aria-label="${label}"]`).focus()
  }, label)
  await page.press('Enter')
}

scenario('is there with #pw-debug, and not even asked for without', {}, async stage => {
  const { browser, site, api } = stage
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`))
  await loaded(page)
  await expectExactlyOnce(api, ['A'], { settle: 100 })
  const isLoaded = () => document.querySelectorAll('pw-debug, script[src*=debug]').length
  assert.equal(await page.evaluate(isLoaded), 0)
  assert.ok(!site.requests.some(url => url.includes('debug')))
  await page.goto(debugged(stubPage(stage, `pw('event', 'B')`, { title: 'Debugged' })))
  await isOpen(page)
  await expectCalls(page, ['B', 'delivered'])
  const { hwid, version, application } = await state(page)
  for (const text of [hwid, version, application, 'granted']) {
    assert.ok((await allText(page)).includes(text), text)
  }
})

scenario('tells where each call stands, as the API answers', {}, async stage => {
  const { browser, api } = stage
  api.behave(({ request }) => request.event === 'Bad' && { statusCode: 210 })
  const script = `pw('register', 'u-1'); pw('event', 'Good', { n: 1 })`
  const page = await browser.open(debugged(stubPage(stage, script)))
  await isOpen(page)
  const good = [
    ['Good', 'delivered'],
    ['u-1', 'delivered'],
  ]
  await expectCalls(page, ...good)
  await page.evaluate(`void (pw('register', 'u-1'), pw('event', 'Bad'))`)
  const bad = ['Bad', 'refused \u00b7 Argument error \u00b7 status 210']
  const same = ['u-1', 'not needed \u00b7 nothing in it is new']
  await expectCalls(page, bad, same, ...good)
  api.behave({ delayMs: 3_000 })
  await page.evaluate(`void pw('event', 'Slow')`)
  await expectCalls(page, ['Slow', 'in flight'], bad, same, ...good)
  api.behave()
  await expectCalls(page, ['Slow', 'delivered'], bad, same, ...good)
  await api.stop()
  await page.evaluate(`void pw('event', 'Late')`)
  await until(async () => /^waiting . sent \d/.test((await listed(page, 'Calls'))[0][1]))
  await until(async () => (await listed(page, 'Outbox'))[0][0] === 'Late')
  await api.listen()
  await flush(page)
  await until(async () => /^delivered/.test((await listed(page, 'Calls'))[0][1]))
  await expectOutbox(page)
  assert.deepEqual(names(api), ['Good', 'Late', 'Slow'])
  assert.equal(taken(api, 'registerUser').length, 1)
  assert.ok(!(await allText(page)).includes(TOKEN))
})

scenario('shows a request whole where its row is opened', {}, async stage => {
  const script = `pw('event', 'A', { deep: { text: '<b>' } })`
  const page = await stage.browser.open(debugged(stubPage(stage, script)))
  await isOpen(page)
  await expectCalls(page, ['A', 'delivered'])
  await page.evaluate(() => {
    document.querySelector('pw-debug').shadowRoot.querySelector('summary').focus()
  })
  await page.press('Enter')
  const text = await page.waitFor(
    () => document.querySelector('pw-debug').shadowRoot.querySelector('pre').textContent,
  )
  assert.deepEqual(JSON.parse(text), taken(stage.api)[0])
})

// Each leaves what it has copied in `copied`.
const clipboards = {
  'the clipboard': `Object.defineProperty(navigator, 'clipboard', { value: {
    writeText: function (text) { copied = text; return Promise.resolve() } } })`,
  'a text field, where there is no clipboard': `Object.defineProperty(navigator, 'clipboard', { value: undefined })
    addEventListener('copy', function (event) { copied = event.composedPath()[0].value }, true)`,
  'a text field, where the clipboard is forbidden': `Object.defineProperty(navigator, 'clipboard', { value: {
    writeText: function () { return Promise.reject(new Error('no')) } } })
    addEventListener('copy', function (event) { copied = event.composedPath()[0].value }, true)`,
  'a text field, by hand': `Object.defineProperty(navigator, 'clipboard', { value: undefined })
    document.execCommand = function () {
      copied = document.activeElement.shadowRoot.activeElement.value
      return false
    }`,
}

for (const [how, script] of Object.entries(clipboards)) {
  scenario(`copies all as JSON, by ${how}`, {}, async stage => {
    const { browser, api } = stage
    api.behave(({ request }) => request.event === 'Bad' && { statusCode: 210 })
    const calls = `pw('register', 'u'); pw('event', 'Good', { n: [1] }); pw('event', 'Bad')`
    const url = stubPage(stage, `var copied; ${script}; ${calls}`, { title: 'Secret' })
    const page = await browser.open(debugged(url))
    await isOpen(page)
    const ends = ['refused \u00b7 Argument error \u00b7 status 210', 'delivered', 'delivered']
    await expectCalls(page, ['Bad', ends[0]], ['Good', ends[1]], ['u', ends[2]])
    await page.waitFor(() =>
      /[0-9a-f]{32}/.test(document.querySelector('pw-debug').shadowRoot.textContent),
    )
    await press(page, 'Copy as JSON')
    const text = await page.waitFor('copied')
    const report = JSON.parse(text)
    assert.deepEqual(
      report.calls.map(({ method, stage, request }) => [method, stage, request.event]),
      [
        ['registerUser', 'delivered', undefined],
        ['postEvent', 'delivered', 'Good'],
        ['postEvent', 'refused', 'Bad'],
      ],
    )
    const [good] = taken(api)
    assert.deepEqual(report.calls[1].request, good)
    assert.deepEqual([report.calls[2].reason, report.calls[2].status], ['Argument error', 210])
    assert.deepEqual([report.state.hwid, report.state.userId], [good.hwid, 'u'])
    assert.deepEqual([report.page, report.outbox], [`${stage.site.origin}/page`, []])
    assert.ok(!text.includes(TOKEN))
    const said = how.includes('by hand') ? 'Copy it by hand:' : 'Copied'
    await page.waitFor(said => {
      const { shadowRoot } = document.querySelector('pw-debug')
      const field = shadowRoot.querySelector('textarea')
      return (
        shadowRoot.querySelector('[role=status]').textContent === said &&
        Boolean(field) === (said !== 'Copied')
      )
    }, said)
  })
}

scenario('shows what other pages have left, and makes no database to see it', {}, async stage => {
  const { browser, site, api } = stage
  await api.stop()
  const pending = { ...stage, options: { ...stage.options, consent: 'pending' } }
  const page = await browser.open(debugged(stubPage(pending, `pw('event', 'Held')`)))
  await isOpen(page)
  await expectCalls(page, ['Held', 'held \u00b7 consent pending'])
  await expectNothing(stage, page, 2_500)
  await page.goto(stubPage(stage, `pw('event', 'Left')`))
  await loaded(page)
  await until(async () => (await state(page)).waiting)
  await page.goto(debugged(stubPage(stage)))
  await isOpen(page)
  await until(async () => (await listed(page, 'Outbox'))[0][0] === 'Left')
  // The panel keeps the database from nobody.
  await page.evaluate(`void (pw('event', 'Denied'), pw('consent', 'denied'))`)
  await expectNothingStored(page)
  await until(async () => {
    const rows = await listed(page, 'Calls')
    return rows.length && rows.every(([, standing]) => standing === 'dropped \u00b7 consent denied')
  })
  await expectOutbox(page)
  await api.listen()
  await page.evaluate(`void (pw('event', 'Never'), pw('consent', 'granted'), pw('event', 'After'))`)
  await expectExactlyOnce(api, ['After'], { settle: 300 })
  assert.deepEqual(site.errors, [])
})

scenario('without init it says so', { engines: CHROMIUM }, async ({ browser, site }) => {
  const page = await browser.open(debugged(site.page({ stub: 1 })))
  await isOpen(page)
  await until(async () => (await allText(page)).includes('has not been called'))
})

const policies = {
  'a nonce, and no styles': `${STRICT}; style-src 'none'`,
  'trusted types, with a default policy': `${STRICT}; style-src 'none'; require-trusted-types-for 'script'`,
}
const DEFAULT_POLICY = `<script nonce="n0nce">
  if (window.trustedTypes) trustedTypes.createPolicy('default', { createScriptURL: function (url) { return url } })
</script>`

for (const [name, csp] of Object.entries(policies)) {
  scenario(`keeps to a policy: ${name}`, {}, async stage => {
    const { browser, api } = stage
    const query = { csp, head: DEFAULT_POLICY, body: '', calls: [['event', 'A']] }
    const page = await browser.open(debugged(stubPage(stage, '', query)))
    await isOpen(page)
    await expectCalls(page, ['A', 'delivered'])
    const style = await page.evaluate(() => {
      const host = document.querySelector('pw-debug')
      const { position, zIndex } = getComputedStyle(host)
      const { listStyleType } = getComputedStyle(host.shadowRoot.querySelector('ol'))
      return [position, zIndex, listStyleType]
    })
    assert.deepEqual(style, ['fixed', '2147483647', 'none'])
    assert.deepEqual(await page.evaluate('__errors'), [])
    assert.deepEqual(names(api), ['A'])
  })
}

scenario(
  'where trusted types forbid it, there is the console',
  { engines: CHROMIUM, withErrors: true },
  async stage => {
    const csp = `${STRICT}; require-trusted-types-for 'script'`
    const query = { csp, body: '', calls: [['event', 'A']] }
    const page = await stage.browser.open(debugged(stubPage(stage, '', query)))
    await loaded(page)
    await expectExactlyOnce(stage.api, ['A'], { settle: 100 })
    await page.waitFor(`__console.join().includes('postEvent delivered')`)
    assert.equal(await page.evaluate(`document.querySelector('pw-debug')`), undefined)
  },
)

scenario('a page’s styles do not reach it', {}, async stage => {
  const head = `<style>* { display: none !important; color: red !important; position: static !important }
    pw-debug { width: 3px !important; opacity: 0 !important }</style>`
  const page = await stage.browser.open(debugged(stubPage(stage, '', { head })))
  await isOpen(page)
  const [opacity, position, width, height] = await page.evaluate(() => {
    const host = document.querySelector('pw-debug')
    const { opacity, position, width } = getComputedStyle(host)
    return [opacity, position, width, host.shadowRoot.querySelector('button').offsetHeight]
  })
  assert.deepEqual([opacity, position, width], ['1', 'fixed', '420px'])
  assert.ok(height > 20, `${height}`)
})

scenario('does without style sheets of its own', { engines: CHROMIUM }, async stage => {
  const head = '<script>delete CSSStyleSheet.prototype.replaceSync</script>'
  const page = await stage.browser.open(debugged(stubPage(stage, `pw('event', 'A')`, { head })))
  await isOpen(page)
  await expectCalls(page, ['A', 'delivered'])
})

scenario('what is done in it is no click of the page’s', {}, async stage => {
  const { browser, api } = stage
  const script = `var heard = []
    document.body.setAttribute('data-pw-event', 'Clicked')
    for (const type of ['click', 'keydown', 'keyup', 'copy'])
      for (const target of [window, document, document.documentElement])
        target.addEventListener(type, function () { heard.push(type) })`
  const page = await browser.open(debugged(stubPage(stage, script, { title: 'Clicks' })))
  await isOpen(page)
  await page.evaluate('void heard.splice(0)')
  const isFolded = () =>
    document.querySelector('pw-debug').shadowRoot.querySelector('dl').offsetHeight === 0
  await press(page, 'Details')
  await page.waitFor(isFolded)
  await press(page, 'Copy as JSON')
  await page.waitFor(
    () => document.querySelector('pw-debug').shadowRoot.querySelector('[role=status]').textContent,
  )
  await press(page, 'Details')
  await page.waitFor(`!(${isFolded})()`)
  await press(page, 'Close')
  await page.waitFor(`!document.querySelector('pw-debug')`)
  await page.evaluate(`void pw('event', 'Only')`)
  await expectExactlyOnce(api, ['Only'], { settle: 200 })
  // The key comes up after the panel has gone.
  const heard = await page.evaluate('heard')
  assert.deepEqual(
    heard.filter(type => type !== 'keyup'),
    [],
  )
})

const hostile = [
  'id-pw',
  'form-pw',
  'frame-pw',
  'clobbered',
  'prototype-js',
  'mootools',
  'enumerable',
  'to-json',
  'amd',
  'own-globals',
  'promise',
]
const everywhere = ['prototype-js', 'own-globals']

for (const name of hostile) {
  const engines = everywhere.includes(name) ? undefined : CHROMIUM
  scenario(`on a hostile page: ${name}`, { engines }, async stage => {
    const { browser, site, api, options } = stage
    const query = new URLSearchParams({ init: JSON.stringify(options) })
    const page = await browser.open(debugged(site.url(`/pages/${name}.html?${query}`)))
    await isOpen(page)
    await expectCalls(page, ['Stub', 'delivered'])
    await page.evaluate(`void pw('event', 'Tag', __test.payload())`)
    await expectCalls(page, ['Tag', 'delivered'], ['Stub', 'delivered'])
    assert.equal(await page.evaluate('__test.changes().join()'), 'pw')
    assert.equal(await page.evaluate('__errors.join()'), '')
    if (stage.engine === 'chromium') {
      await page.goto(site.page())
      await page.back()
      assert.equal(await page.evaluate('__test.restored'), true, 'back/forward cache')
      await page.evaluate(`void pw('event', 'Back')`)
      await until(async () => (await listed(page, 'Calls'))[0].join() === 'Back,delivered')
    }
    const events = stage.engine === 'chromium' ? ['Stub', 'Tag', 'Back'] : ['Stub', 'Tag']
    await expectExactlyOnce(api, events, { settle: 100 })
  })
}

scenario('a page that bundles the tag can load it', {}, async stage => {
  const { browser, site, options } = stage
  const head = `<script type="module">
    import pw from '/pw.mjs'
    pw('init', ${JSON.stringify(options)})
    pw('event', 'A')
    if (location.hash === '#pw-debug') import('/pw-debug.js')
  </script>`
  const page = await browser.open(debugged(site.page({ head })))
  await isOpen(page)
  await expectCalls(page, ['A', 'delivered'])
})

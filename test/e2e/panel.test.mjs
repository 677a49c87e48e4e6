// The debug panel: what it shows and copies. What it makes of each thing that `debug` says is in unit/panel-history.test.mjs, and that
// it leaves the page as it is, in panel-guest.test.mjs.
import assert from 'node:assert/strict'
import {
  allText,
  debugged,
  expectCalls,
  expectOutbox,
  isOpen,
  listed,
  openedRequest,
  openPanel,
  press,
} from '../support/panel.mjs'
import { expectExactlyOnce, scenario, TOKEN, until } from '../support/scenario.mjs'
import { expectNothing, expectNothingStored } from '../support/stored.mjs'
import { flush, names, state, stubPage, taken } from '../support/tag.mjs'

const CHROMIUM = ['chromium']

scenario('is there with #pw-debug, and not even asked for without', {}, async stage => {
  const { browser, site, api } = stage
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`))
  await flush(page)
  assert.deepEqual(names(api), ['A'])
  const isLoaded = () => document.querySelectorAll('pw-debug, script[src*=debug]').length
  assert.equal(await page.evaluate(isLoaded), 0)
  assert.ok(!site.requests.some(url => url.includes('debug')))
  await page.goto(debugged(stubPage(stage, `pw('event', 'B')`)))
  await isOpen(page)
  await expectCalls(page, ['B', 'delivered'])
  const { hwid, version, application } = await state(page)
  for (const text of [hwid, version, application, 'granted']) {
    await until(async () => (await allText(page)).includes(text), { message: text })
  }
})

scenario('tells where each call stands, as the API answers', {}, async stage => {
  const { browser, api } = stage
  api.behave(({ request }) => request.event === 'Bad' && { statusCode: 210 })
  const script = `pw('register', 'u-1'); pw('event', 'Good', { deep: { text: '<b>' } })`
  const page = await openPanel(browser, stubPage(stage, script))
  const good = [
    ['Good', 'delivered'],
    ['u-1', 'delivered'],
  ]
  await expectCalls(page, ...good)
  await press(page, 'summary')
  const text = await page.waitFor(openedRequest)
  assert.deepEqual(JSON.parse(text), taken(api)[0])
  await page.evaluate(`void (pw('register', 'u-1'), pw('event', 'Bad'))`)
  const bad = ['Bad', 'refused \u00b7 Argument error \u00b7 status 210']
  const same = ['u-1', 'not needed \u00b7 nothing in it is new']
  await expectCalls(page, bad, same, ...good)
  api.behave({ hang: true })
  await page.evaluate(`void pw('event', 'Late')`)
  await expectCalls(page, ['Late', 'in flight'], bad, same, ...good)
  await api.stop()
  api.behave()
  await until(async () => /^waiting . sent \d/.test((await listed(page, 'Calls'))[0][1]))
  await until(async () => (await listed(page, 'Outbox'))[0][0] === 'Late')
  await api.listen()
  await flush(page)
  await until(async () => /^delivered/.test((await listed(page, 'Calls'))[0][1]))
  await expectOutbox(page)
  assert.deepEqual(names(api), ['Good', 'Late'])
  assert.equal(taken(api, 'registerUser').length, 1)
  assert.ok(!(await allText(page)).includes(TOKEN))
})

// How a page's clipboard can be. Each leaves what is copied in `copied`, and says how it is to be told.
const listen = `onceCopied = function (event) { copied = event.composedPath()[0].value }
  addEventListener('copy', onceCopied, { capture: true, once: true })`
const clipboards = {
  'by the clipboard': [
    `clipboard({ writeText: function (text) { copied = text; return Promise.resolve() } })`,
    'Copied',
  ],
  'where there is no clipboard': [`clipboard(undefined); ${listen}`, 'Copied'],
  'where the clipboard is forbidden': [
    `clipboard({ writeText: function () { return Promise.reject(new Error('no')) } }); ${listen}`,
    'Copied',
  ],
  'by hand': [
    `clipboard(undefined); document.execCommand = function () {
      copied = document.activeElement.shadowRoot.activeElement.value
      return false
    }`,
    'Copy it by hand:',
  ],
}

scenario('copies all as JSON, however a browser lets it', {}, async stage => {
  const { browser, api } = stage
  api.behave(({ request }) => request.event === 'Bad' && { statusCode: 210 })
  const script = `var copied, onceCopied
    function clipboard(value) { Object.defineProperty(navigator, 'clipboard', { value: value, configurable: true }) }
    pw('register', 'u'); pw('event', 'Good', { n: [1] }); pw('event', 'Bad')`
  const page = await openPanel(browser, stubPage(stage, script, { title: 'Secret' }))
  const ends = ['refused \u00b7 Argument error \u00b7 status 210', 'delivered', 'delivered']
  await expectCalls(page, ['Bad', ends[0]], ['Good', ends[1]], ['u', ends[2]])
  const [good] = taken(api)
  // Leaves the outbox a moment after it has been delivered.
  await flush(page)
  await expectOutbox(page)
  await until(async () => (await allText(page)).includes(good.hwid))
  // What `get` tells is asked for now and then.
  await page.waitFor(() => {
    const facts = document.querySelector('pw-debug').shadowRoot.querySelectorAll('dd')
    return [].some.call(facts, ({ textContent }) => textContent === 'u')
  })
  for (const [how, [prepare, said]] of Object.entries(clipboards)) {
    await page.evaluate(`void (function () { copied = undefined; ${prepare} })()`)
    await press(page, '[aria-label="Copy as JSON"]')
    const text = await page.waitFor('copied')
    const report = JSON.parse(text)
    assert.deepEqual(
      report.calls.map(({ method, stage, request }) => [method, stage, request.event]),
      [
        ['registerUser', 'delivered', undefined],
        ['postEvent', 'delivered', 'Good'],
        ['postEvent', 'refused', 'Bad'],
      ],
      how,
    )
    assert.deepEqual(report.calls[1].request, good)
    assert.deepEqual([report.calls[2].reason, report.calls[2].status], ['Argument error', 210])
    assert.deepEqual([report.state.hwid, report.state.userId], [good.hwid, 'u'])
    // The query of the address is the visitor's.
    assert.deepEqual([report.page, report.outbox], [`${stage.site.origin}/page`, []])
    assert.ok(!text.includes(TOKEN))
    await page.waitFor(said => {
      const { shadowRoot } = document.querySelector('pw-debug')
      const field = shadowRoot.querySelector('textarea')
      const isField = said !== 'Copied'
      return (
        shadowRoot.querySelector('[role=status]').textContent === said &&
        Boolean(field) === isField &&
        (shadowRoot.activeElement.ariaLabel === 'Copy as JSON' || isField)
      )
    }, said)
  }
})

scenario('shows what other pages have left, and makes no database to see it', {}, async stage => {
  const { browser, site, api } = stage
  await api.stop()
  const pending = { ...stage, options: { ...stage.options, consent: 'pending' } }
  const page = await openPanel(browser, stubPage(pending, `pw('event', 'Held')`))
  await expectCalls(page, ['Held', 'held \u00b7 consent pending'])
  await expectNothing(stage, page, 300)
  // Once it has been stored: what is under way when a page leaves counts as delivered.
  for (const script of [`pw('event', 'Left')`, '']) {
    await page.goto(debugged(stubPage(stage, script)))
    await isOpen(page)
    await until(async () => (await listed(page, 'Outbox'))[0][0] === 'Left')
  }
  // The panel keeps the database from nobody.
  await page.evaluate(`void (pw('event', 'Denied'), pw('consent', 'denied'))`)
  await expectNothingStored(page)
  await until(async () => {
    const rows = await listed(page, 'Calls')
    // `Left` may have been tried again by then, and says so.
    return (
      rows.length && rows.every(([, standing]) => /^dropped \u00b7 consent denied/.test(standing))
    )
  })
  await expectOutbox(page)
  await api.listen()
  await page.evaluate(`void (pw('event', 'Never'), pw('consent', 'granted'), pw('event', 'After'))`)
  await expectExactlyOnce(api, ['After'], { settle: 300 })
  assert.deepEqual(site.errors, [])
})

// WebKit keeps an empty database where its making was aborted.
scenario('a denial while it looks for the database leaves none', {}, async stage => {
  await stage.api.stop()
  const head = `<script>
    const list = indexedDB.databases
    indexedDB.databases = async () => {
      const found = await list.call(indexedDB)
      if (found.length) {
        pw('consent', 'denied')
        window.deniedAt = performance.now()
      }
      return found
    }
  </script>`
  const page = await openPanel(stage.browser, stubPage(stage, `pw('event', 'A')`, { head }))
  await page.waitFor(() => performance.now() - window.deniedAt > 500)
  await page.evaluate(`void delete indexedDB.databases`)
  await expectNothingStored(page)
})

scenario('without init it says so', { engines: CHROMIUM }, async ({ browser, site }) => {
  const page = await openPanel(browser, site.page({ stub: 1 }))
  await until(async () => (await allText(page)).includes('has not been called'))
})

scenario('a page that bundles the tag can load it', { engines: CHROMIUM }, async stage => {
  const { browser, site, options } = stage
  const head = `<script type="module">
    import pw from '/pw.mjs'
    pw('init', ${JSON.stringify(options)})
    pw('event', 'A')
    if (location.hash === '#pw-debug') import('/pw-debug.js')
  </script>`
  const page = await openPanel(browser, site.page({ head }))
  await expectCalls(page, ['A', 'delivered'])
})

scenario('does without style sheets of its own', { engines: CHROMIUM }, async stage => {
  const head = '<script>delete CSSStyleSheet.prototype.replaceSync</script>'
  const page = await openPanel(stage.browser, stubPage(stage, `pw('event', 'A')`, { head }))
  await expectCalls(page, ['A', 'delivered'])
})

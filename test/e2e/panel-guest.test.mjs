// The debug panel is a guest: it leaves the page, and what the tag does, as they are, and works on pages that make it hard.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import {
  allText,
  click,
  debugged,
  expectCalls,
  isOpen,
  listed,
  openedRequest,
  openPanel,
  press,
} from '../support/panel.mjs'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { flush, loaded, names, stubPage, taken } from '../support/tag.mjs'

const CHROMIUM = ['chromium']
const panel = readFileSync(new URL('../../dist/pw-debug.js', import.meta.url), 'utf8')
const STRICT = `script-src {nonce} 'strict-dynamic'; object-src 'none'; base-uri 'none'`
const TRUSTED = `require-trusted-types-for 'script'`

const hostSays = `document.querySelector('pw-debug').shadowRoot.querySelector('[role=status]').textContent`

scenario('keeps to a policy: a nonce, no styles, and trusted types', {}, async stage => {
  const { browser, api } = stage
  const csp = `${STRICT}; style-src 'none'; ${TRUSTED}`
  const head = `<script nonce="n0nce">
    if (window.trustedTypes) trustedTypes.createPolicy('default', { createScriptURL: function (url) { return url } })
  </script>`
  const query = { csp, head, body: '', calls: [['event', 'A']] }
  const page = await openPanel(browser, stubPage(stage, '', query))
  await expectCalls(page, ['A', 'delivered'])
  const style = await page.evaluate(() => {
    const host = document.querySelector('pw-debug')
    const { position, zIndex } = getComputedStyle(host)
    const { listStyleType } = getComputedStyle(host.shadowRoot.querySelector('ol'))
    return [position, zIndex, listStyleType]
  })
  assert.deepEqual(style, ['fixed', '2147483647', 'none'])
  await press(page, 'summary')
  await page.waitFor(openedRequest)
  assert.deepEqual(await page.evaluate('__errors'), [])
  assert.deepEqual(names(api), ['A'])
})

scenario(
  'where trusted types forbid it, there is the console',
  { engines: CHROMIUM, withErrors: true },
  async stage => {
    const query = { csp: `${STRICT}; ${TRUSTED}`, body: '', calls: [['event', 'A']] }
    const page = await stage.browser.open(debugged(stubPage(stage, '', query)))
    await loaded(page)
    await page.waitFor(`__console.join().includes('postEvent delivered')`)
    await expectExactlyOnce(stage.api, ['A'], { settle: 100 })
    assert.ok(await page.evaluate(`!document.querySelector('pw-debug')`))
    // As pasted there.
    await page.cdp.send('Runtime.evaluate', { expression: panel })
    await expectCalls(page, ['A', 'delivered'])
  },
)

scenario('takes nothing from the page, and the page’s styles nothing from it', {}, async stage => {
  const head = `<style>
    * { position: static !important; color: red !important; --line: red; --link: red }
    html { direction: rtl }
    pw-debug { display: none !important; width: 3px !important; opacity: 0 !important }
  </style>`
  // Images of these names stand in the document in place of what they are called.
  const body = `<img name="hidden" alt=""><img name="fonts" alt=""><textarea id="field">some text</textarea>
    <script>field.focus(); field.setSelectionRange(1, 4); pw('event', 'A')</script>`
  const measure = () => {
    const { scrollWidth, scrollHeight } = document.documentElement
    const { x, y, width, height } = document.body.getBoundingClientRect()
    const field = document.getElementById('field')
    return [
      [scrollWidth, scrollHeight, x, y, width, height],
      [document.activeElement === field, field.selectionStart, field.selectionEnd],
    ]
  }
  const url = stubPage(stage, '', { head, body })
  const page = await stage.browser.open(url)
  // Else the panel may show what this page has left.
  await flush(page)
  const before = await page.evaluate(measure)
  assert.deepEqual(before[1], [true, 1, 4])
  await page.goto(debugged(`${url}&again`))
  await isOpen(page)
  await page.evaluate(`void pw('event', 'B')`)
  await expectCalls(page, ['B', 'delivered'], ['A', 'delivered'])
  assert.deepEqual(await page.evaluate(measure), before)
  const style = await page.evaluate(() => {
    const host = document.querySelector('pw-debug')
    const { display, direction, opacity, position, width } = getComputedStyle(host)
    const button = host.shadowRoot.querySelector('button')
    const { borderTopColor } = getComputedStyle(button)
    const isRed = borderTopColor === 'rgb(255, 0, 0)'
    return [display, direction, opacity, position, width, isRed, button.offsetHeight > 20]
  })
  assert.deepEqual(style, ['block', 'ltr', '1', 'fixed', '420px', false, true])
})

scenario('what is done in it is no click of the page’s', {}, async stage => {
  const { browser, api } = stage
  const script = `var heard = []
    document.body.setAttribute('data-pw-event', 'Clicked')
    for (const type of ['click', 'keydown', 'keyup', 'copy', 'focusin', 'focusout', 'mousedown'])
      for (const target of [window, document, document.documentElement])
        target.addEventListener(type, function () { heard.push(type) })
    document.body.insertAdjacentHTML('beforeend', '<input id="field">')`
  const page = await openPanel(browser, stubPage(stage, script))
  const isFolded = () =>
    document.querySelector('pw-debug').shadowRoot.querySelector('dl').offsetHeight === 0
  if (page.cdp) {
    await page.evaluate('field.focus()')
    await click(page, '[aria-label=Details]')
    await page.waitFor(isFolded)
    await click(page, '[aria-label=Details]')
    await page.waitFor(`!(${isFolded})()`)
    assert.equal(await page.evaluate('document.activeElement.id'), 'field')
  }
  await page.evaluate(`void (document.activeElement.blur(), heard.splice(0))`)
  await press(page, '[aria-label=Details]')
  await page.waitFor(isFolded)
  await press(page, '[aria-label="Copy as JSON"]')
  await page.waitFor(hostSays)
  await press(page, '[aria-label=Details]')
  await page.waitFor(`!(${isFolded})()`)
  await press(page, '[aria-label=Close]')
  await page.waitFor(`!document.querySelector('pw-debug')`)
  await page.evaluate(`void pw('event', 'Only')`)
  await expectExactlyOnce(api, ['Only'], { settle: 200 })
  // The key comes up after the panel has gone.
  assert.equal(await page.evaluate(`heard.filter(type => type !== 'keyup').join()`), '')
})

scenario('a page that is left has it read the outbox no more', {}, async stage => {
  const { browser, api, site, other } = stage
  await api.stop()
  // The panel alone reads without writing. From a moment on it never comes to an end of it by itself.
  const script = `var holds, held, prototype = IDBObjectStore.prototype, getAll = prototype.getAll
    prototype.getAll = function () {
      if (!holds || this.transaction.mode !== 'readonly') return getAll.apply(this, arguments)
      held = this
      ;(function again() { held.get('').onsuccess = again })()
      return {}
    }
    pw('event', 'Left')`
  const page = await openPanel(browser, stubPage(stage, script))
  await until(async () => (await listed(page, 'Outbox'))[0][0] === 'Left')
  await page.evaluate('void (holds = true)')
  await page.waitFor('!!held')
  await page.evaluate(() => {
    addEventListener('pagehide', () => {
      try {
        held.transaction.abort()
      } catch (_) {
        // It has come to its end.
        return
      }
      navigator.sendBeacon('/errors', 'the transaction is open')
    })
  })
  await page.goto(other.page())
  await api.listen()
  await page.goto(stubPage(stage))
  await expectExactlyOnce(api, ['Left'], { settle: 100 })
  assert.deepEqual(site.errors, [])
})

// The last is come back to.
const hostile = 'id-pw enumerable to-json promise own-globals prototype-js'
const everywhere = 'own-globals prototype-js'

scenario('on hostile pages, and back from the cache', {}, async stage => {
  const { browser, site, api, options } = stage
  const page = await browser.open(site.page())
  const query = new URLSearchParams({ init: JSON.stringify(options) })
  for (const name of (stage.engine === 'chromium' ? hostile : everywhere).split(' ')) {
    api.reset()
    await page.goto(debugged(site.url(`/pages/${name}.html?${query}`)))
    await isOpen(page)
    await page.evaluate(`void pw('event', 'Tag', __test.payload())`)
    await expectCalls(page, ['Tag', 'delivered'], ['Stub', 'delivered'])
    assert.equal(await page.evaluate('__test.changes().join()'), 'pw', name)
    assert.equal(await page.evaluate('__errors.join()'), '', name)
    assert.deepEqual(names(api), ['Stub', 'Tag'], name)
    await press(page, 'summary')
    const sent = taken(api).find(({ event }) => event === 'Tag')
    assert.deepEqual(JSON.parse(await page.waitFor(openedRequest)), sent, name)
    assert.ok((await allText(page)).includes(JSON.stringify(sent.attributes).slice(0, 40)), name)
  }
  await page.goto(site.page())
  await page.back()
  assert.equal(await page.evaluate('__test.restored'), true, 'back/forward cache')
  await page.evaluate(`void pw('event', 'Back')`)
  await until(async () => (await listed(page, 'Calls'))[0].join() === 'Back,delivered')
  await expectExactlyOnce(api, ['Stub', 'Tag', 'Back'], { settle: 0 })
})

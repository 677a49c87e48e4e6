// Declarative events: SPEC 7. The page is test/pages/clicks.html.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { loaded, stubPage, taken } from '../support/tag.mjs'

const CHROMIUM = ['chromium']

async function open({ browser, site, options }) {
  const init = JSON.stringify(options)
  const page = await browser.open(site.url(`/pages/clicks.html?${new URLSearchParams({ init })}`))
  await loaded(page)
  return page
}

scenario('clicks on, and inside, elements', {}, async stage => {
  const page = await open(stage)
  const clicks = ['inside', 'inner', 'outer', 'label', 'around', 'for', 'stops', 'link']
  for (const id of [...clicks, 'send', 'named', 'nothing', 'drawn', 'empty']) {
    await page.click(`#${id}`)
  }
  await page.evaluate(() => {
    document.getElementById('host').shadowRoot.firstChild.click()
    const added = document.createElement('button')
    added.dataset.pwEvent = 'Added'
    document.body.appendChild(added).click()
  })
  const events = ['Plain', 'Inner', 'Outer', 'Label', 'Around', 'Far', 'Stopped', 'Link']
  const all = ['Stub', ...events, 'Sent', 'Within', 'Drawn', 'Shadow', 'Added']
  await expectExactlyOnce(stage.api, all, { settle: 200, timeout: 4_000 })
  const by = Object.fromEntries(taken(stage.api).map(r => [r.event, r.attributes]))
  assert.deepEqual(by.Plain, { kind: 'big', 'two-words': 'x y' })
  assert.deepEqual(by.Sent, { form: '1' })
  assert.deepEqual(by.Inner, {})
  const checked = `[].map.call(document.querySelectorAll(':checked'), box => box.id).join()`
  assert.equal(await page.evaluate(checked), 'box,,far')
  assert.equal(await page.evaluate('location.hash'), '#here')
})

scenario('keys and the other buttons of the mouse', {}, async stage => {
  const page = await open(stage)
  for (const id of ['plain', 'link', 'field']) {
    await page.evaluate(id => document.getElementById(id).focus(), id)
    await page.press('Enter')
  }
  const events = ['Stub', 'Plain', 'Link', 'Sent']
  // WebKit's driver lets go of the left button, whichever was pressed.
  if (stage.engine !== 'webkit') {
    await page.click('#inner', 'middle')
    await page.click('#outer', 'right')
    events.push('Inner')
  }
  await expectExactlyOnce(stage.api, events, { settle: 300 })
})

scenario('links and forms that leave at once', {}, async stage => {
  const { browser, other, api } = stage
  const to = other.page()
  const bodies = [
    `<a href="${to}" data-pw-event="NAME">Go</a>`,
    `<form action="${to}" data-pw-event="NAME"><button>Go</button></form>`,
    `<p data-pw-event="NAME" onclick="location.href = '${to}'">Go</p>`,
  ]
  const names = []
  for (let i = 0; i < 6; i++) {
    names.push(`Left ${i}`)
    const body = bodies[i % 3].replace('NAME', `Left ${i}`)
    const page = await browser.open(stubPage(stage, '', { body }))
    await loaded(page)
    await page.click(['a', 'button', 'p'][i % 3])
    await page.waitFor(origin => location.origin === origin, other.origin)
    await page.close()
  }
  await browser.open(stubPage(stage))
  await expectExactlyOnce(api, names, { settle: 500 })
})

scenario('clicks: false', { engines: CHROMIUM }, async stage => {
  const page = await open({ ...stage, options: { ...stage.options, clicks: false } })
  await page.click('#plain')
  await page.evaluate(() => pw('event', 'After'))
  await expectExactlyOnce(stage.api, ['Stub', 'After'], { settle: 200 })
})

const WATCH = `<script>
  log = []
  send = fetch
  fetch = function (url, options) { log.push('fetch'); return send(url, options) }
</script>`

const ASK = `<button onclick="pw('event', 'E' + log.length); log.push('called')
  requestAnimationFrame(function () { log.push('frame') })">Go</button>`

scenario('what a click leads to is painted before anything is sent', {}, async stage => {
  const page = await stage.browser.open(stubPage(stage, '', { head: WATCH, body: ASK }))
  await loaded(page)
  const orders = []
  for (let i = 0; i < 5; i++) {
    await page.click('button')
    await page.waitFor(`log.length === ${3 * (i + 1)}`)
    orders.push((await page.evaluate('log')).slice(-3).join())
  }
  // A browser that is busy has a frame too late for the tag, which waits no longer than 100 ms.
  assert.ok(orders.filter(order => order === 'called,frame,fetch').length > 2, orders.join(' '))
  await expectExactlyOnce(stage.api, ['E0', 'E3', 'E6', 'E9', 'E12'], { settle: 200 })
})

// The harness itself, without the tag: that what the other tests rely on holds in each engine.
import assert from 'node:assert/strict'
import { counts, expectExactlyOnce, scenario, until } from '../support/scenario.mjs'

// In the page: what a tag does at its barest.
const post = (endpoint, application, event) => {
  const request = { application, hwid: '0'.repeat(32), event, attributes: {} }
  fetch(`${endpoint}/postEvent`, {
    method: 'POST',
    keepalive: true,
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify({ request }),
  }).catch(() => {})
}
const args = ({ endpoint, application }) => [endpoint, application]

scenario('evaluates and clicks', {}, async ({ browser, site }) => {
  const body = '<button onclick="clicked = event.isTrusted">Buy</button>'
  const page = await browser.open(site.page({ title: 'Über <b>', body }))
  assert.equal(await page.evaluate(() => document.title), 'Über <b>')
  assert.deepEqual(await page.evaluate(async n => ({ n }), 3), { n: 3 })
  assert.equal(await page.evaluate('1 + 1'), 2)
  assert.equal(await page.evaluate(() => {}), undefined)
  await assert.rejects(
    page.evaluate(() => Promise.reject(new Error('boo'))),
    /boo/,
  )
  assert.equal(await page.evaluate(() => isSecureContext), true)
  assert.equal(await page.evaluate(() => document.visibilityState), 'visible')
  await page.click('button')
  assert.equal(await page.evaluate('clicked'), true)
})

scenario('tells what goes wrong on a page', { withErrors: true }, async ({ browser, site }) => {
  const page = await browser.open(site.page())
  await page.evaluate(() => {
    setTimeout(() => {
      Promise.reject(new Error('first'))
      throw new Error('second')
    })
  })
  await until(() => site.errors.length === 2)
  await until(async () => (await page.errors()).length === 2)
  assert.match(site.errors.join(), /first/)
  assert.match(site.errors.join(), /second/)
})

scenario('builds pages from their query', {}, async ({ browser, site }) => {
  const page = await browser.open(
    site.page({
      csp: "script-src {nonce} 'strict-dynamic'",
      charset: 'windows-1251',
      header: ['X-One: 1', 'X-Two: a:b'],
      head: '<script nonce="n0nce">pw = function () { (pw.q = pw.q || []).push([].slice.call(arguments)) }</script>',
      init: { application: 'A' },
      calls: [['event', '</script>', { a: 1 }]],
    }),
  )
  assert.equal(await page.evaluate(() => document.characterSet), 'windows-1251')
  const calls = [
    ['init', { application: 'A' }],
    ['event', '</script>', { a: 1 }],
  ]
  assert.deepEqual(await page.evaluate('pw.q'), calls)
  const { headers } = await fetch(site.page({ header: ['X-One: 1', 'X-Two: a:b'] }))
  assert.deepEqual([headers.get('x-one'), headers.get('x-two')], ['1', 'a:b'])
})

// WebKit works it out from two clocks whenever it is read, so that it may change by a millisecond.
scenario(
  'knows a document that is left, whatever its time origin',
  {},
  async ({ browser, site }) => {
    const page = await browser.open(site.page({ title: 'Left' }))
    await page.evaluate(() => {
      let time = performance.timeOrigin
      Object.defineProperty(performance, 'timeOrigin', { get: () => time++ })
    })
    await page.goto(site.page({ title: 'Next', delay: 200 }))
    assert.equal(await page.evaluate('document.title'), 'Next')
  },
)

scenario(
  'sees what is sent in the tick of leaving',
  {},
  async ({ browser, site, other, api, options }) => {
    const page = await browser.open(site.page())
    await page.evaluate(
      `(${post})(...${JSON.stringify([...args(options), 'Same'])}), void (location.href = '${site.page({ n: 2 })}')`,
    )
    await page.waitFor(() => location.search === '?n=2' && document.readyState === 'complete')
    await page.evaluate(post, ...args(options), 'Cross')
    await page.navigateAway(other.page())
    await page.waitFor(
      () => location.hostname === 'localhost' && document.readyState === 'complete',
    )
    await page.evaluate(post, ...args(options), 'Close')
    await page.close()
    await expectExactlyOnce(api, ['Same', 'Cross', 'Close'], { settle: 100 })
  },
)

scenario('runs handlers of pages that are closed', {}, async ({ browser, site, api, options }) => {
  const page = await browser.open(site.page())
  const listen = `document.addEventListener('visibilitychange', () => (${post})(...${JSON.stringify([...args(options), 'Hidden'])}))`
  await page.evaluate(listen)
  await page.close()
  await expectExactlyOnce(api, ['Hidden'], { settle: 100 })
})

scenario('keeps documents in the back/forward cache', {}, async ({ browser, site, other }) => {
  const page = await browser.open(site.page())
  await page.evaluate(() => {
    window.mark = 1
  })
  await page.goto(other.page())
  assert.equal(await page.evaluate('window.mark'), undefined)
  await page.back()
  assert.equal(await page.evaluate('window.mark'), 1)
  await page.reload()
  assert.equal(await page.evaluate('window.mark'), undefined)
})

scenario(
  'has tabs that share their storage, and browsers that do not',
  {},
  async ({ browser, site }) => {
    const one = await browser.open(site.page())
    const two = await browser.open(site.page())
    assert.equal(await two.evaluate(() => localStorage.length), 0)
    await one.evaluate(() => localStorage.setItem('key', 'value'))
    await two.waitFor(() => localStorage.getItem('key') === 'value')
  },
)

scenario('finds the tabs that pages open', {}, async ({ browser, site, other }) => {
  const body = `<a href="${other.page()}" target="_blank">Another tab</a>`
  const page = await browser.open(site.page({ body }))
  await page.click('a')
  const [second] = await until(async () => {
    const pages = (await browser.pages()).filter(one => one !== page)
    return pages.length && pages
  })
  await second.waitFor(() => location.hostname === 'localhost')
})

scenario('freezes pages', { engines: ['chromium'] }, async ({ browser, site }) => {
  const page = await browser.open(site.page())
  const frozen = page.evaluate(
    () => new Promise(resolve => document.addEventListener('freeze', () => resolve('frozen'))),
  )
  await page.freeze()
  await page.resume()
  assert.equal(await frozen, 'frozen')
  await page.crash()
})

scenario(
  'comes back after a kill',
  { kept: true },
  async ({ browser, relaunch, site, api, options }) => {
    const page = await browser.open(site.page())
    await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const open = indexedDB.open('kept', 1)
          open.onupgradeneeded = () => open.result.createObjectStore('store')
          open.onsuccess = () => {
            const tx = open.result.transaction('store', 'readwrite')
            tx.objectStore('store').put('value', 'key')
            tx.oncomplete = resolve
            tx.onerror = reject
          }
        }),
    )
    const second = await browser.open(site.page())
    await second.close()
    api.behave({ hang: true })
    await page.evaluate(post, ...args(options), 'Hanging')
    await until(() => api.requests.length)
    await browser.kill()

    const after = await (await relaunch()).open(site.page())
    const read = () =>
      new Promise(resolve => {
        const open = indexedDB.open('kept', 1)
        open.onsuccess = () => {
          const get = open.result.transaction('store').objectStore('store').get('key')
          get.onsuccess = () => resolve(get.result)
        }
      })
    assert.equal(await after.evaluate(read), 'value')
    assert.deepEqual(counts(api), {})
  },
)

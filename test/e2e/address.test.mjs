// Where requests go: an answer may name another address of the vendor's, and no other (SPEC 3).
import assert from 'node:assert/strict'
import { scenario, until } from '../support/scenario.mjs'
import { flush, loaded, names, stubPage } from '../support/tag.mjs'

scenario('an address that is not the vendor’s is not taken from an answer', {}, async stage => {
  const { browser, site, api } = stage
  const page = await browser.open(stubPage(stage))
  await loaded(page)
  const strangers = [
    site.origin,
    'https://localhost/json',
    'http://api.pushwoosh.com/json',
    'https://pushwoosh.com.evil.test/',
    'https://evilpushwoosh.com/',
    'javascript:alert(1)',
    7,
  ]
  for (const [index, baseUrl] of strangers.entries()) {
    api.behave({ baseUrl })
    await page.evaluate(n => void pw('event', `A${n}`), index)
    await until(() => names(api).length === index + 1)
    assert.equal(await flush(page), true)
  }
  await page.evaluate(`void pw('event', 'Last')`)
  await until(() => names(api).includes('Last'))
})

// No engine lets a page's request to https be answered here: it is enough that it goes there.
scenario('an address of the vendor’s is where later calls go', { timeout: 30_000 }, async stage => {
  const { browser, api } = stage
  const head = `<script>
    var urls = [], real = fetch
    fetch = function (url, options) { urls.push(url); return real.call(this, url, options) }
  </script>`
  const page = await browser.open(stubPage(stage, '', { head }))
  await loaded(page)
  api.behave({ baseUrl: 'https://eu1.nowhere.pushwoosh.com/json/1.3/', times: 1 })
  await page.evaluate(`void pw('event', 'A')`)
  await page.waitFor('urls.length === 1')
  assert.equal(await flush(page), true)
  await page.evaluate(`void pw('event', 'B')`)
  await page.waitFor('urls.length > 1')
  assert.equal(
    await page.evaluate('urls[1]'),
    'https://eu1.nowhere.pushwoosh.com/json/1.3/postEvent',
  )
})

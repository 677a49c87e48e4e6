// Browsers that lack something that others have: SPEC 8. The page is test/pages/missing.html.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { loaded, stubPage, taken } from '../support/tag.mjs'

const missing = [
  'keepalive',
  'sendBeacon',
  'indexedDB',
  'localStorage',
  'AbortController',
  'Intl',
  'locks',
  'commit',
  'everything',
]

for (const how of missing) {
  const engines = how === 'everything' ? undefined : ['chromium']
  scenario(`without ${how}`, { engines }, async stage => {
    const { browser, site, other, api, options } = stage
    const query = new URLSearchParams({ init: JSON.stringify(options), how })
    const page = await browser.open(site.url(`/pages/missing.html?${query}`))
    await loaded(page)
    await page.evaluate(`void (pw('register', 'u'), pw('event', 'Tag'))`)
    await expectExactlyOnce(api, ['Stub', 'Tag'], { settle: 0, timeout: 8_000 })
    assert.equal(await page.evaluate('__test.flush()'), true)
    assert.equal(taken(api, 'registerUser').length, 1)
    assert.deepEqual(await page.evaluate('__console'), [])
    // What is left is sent too, where there is a way to send it. With nothing but XMLHttpRequest a page has to stay.
    await page.evaluate(
      `addEventListener('pagehide', () => pw('event', 'Leaving')), pw('event', 'Left')`,
    )
    if (how === 'everything') assert.equal(await page.evaluate('__test.flush()'), true)
    await page.evaluate(to => void (location.href = to), other.page())
    await page.waitFor(to => location.href === to, other.page())
    await page.goto(stubPage(stage))
    const last = how === 'everything' ? ['Left'] : ['Left', 'Leaving']
    await expectExactlyOnce(api, ['Stub', 'Tag', ...last], { settle: 200, timeout: 5_000 })
  })
}

// The tag with `endpoint: '/pw'`, through each of the two proxies. What they let pass: unit/proxy.test.mjs.
import assert from 'node:assert/strict'
import { PROXIES } from '../proxies.mjs'
import { expectExactlyOnce, scenario, TOKEN, until } from '../support/scenario.mjs'
import { asked, flush, loaded, stubPage, taken, warnings } from '../support/tag.mjs'

const ENGINES = { nginx: ['chromium', 'firefox', 'webkit'], node: ['chromium'] }

for (const [name, startProxy] of Object.entries(PROXIES)) {
  const engines = ENGINES[name]

  scenario(`requests arrive through ${name} of one's own site`, { engines }, async stage => {
    const { browser, site, api, options, t } = stage
    const proxy = await startProxy({ api: options.endpoint, site: site.origin, token: TOKEN })
    t.after(proxy.stop)
    const here = { ...stage, options: { application: options.application, endpoint: '/pw' } }
    const at = url => url.replace(site.origin, proxy.origin)
    api.behave({ baseUrl: 'https://eu1.nowhere.pushwoosh.com/json/1.3' })
    const page = await browser.open(at(stubPage(here, `pw('register', '007'); pw('event', 'A')`)))
    await loaded(page)
    await until(() => taken(api, 'registerUser').length && taken(api).length)
    assert.equal(await flush(page), true)
    await page.leaveBy(
      url => {
        pw('event', 'Leaving')
        location.href = url
      },
      [at(stubPage(here))],
    )
    await expectExactlyOnce(api, ['A', 'Leaving'], { settle: 300 })
    assert.equal(asked(api, 'registerUser').length, 1)
    assert.deepEqual(
      taken(api).map(({ userId }) => userId),
      ['007', '007'],
    )
    assert.equal(api.preflights.length, 0)
    assert.deepEqual(await warnings(page), [])
  })
}

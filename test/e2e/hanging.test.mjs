// A browser that does not answer: how long that holds up what is called.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { loaded, stubPage } from '../support/tag.mjs'

scenario(
  'a database that is never opened does not hold up for long what the stub has kept',
  {},
  async stage => {
    const { browser, api } = stage
    const head = '<script>IDBFactory.prototype.open = function () { return {} }</script>'
    const page = await browser.open(
      stubPage(stage, `pw('event', 'Stub', { at: Date.now() })`, { head }),
    )
    await loaded(page)
    await expectExactlyOnce(api, ['Stub'], { settle: 0 })
    const [{ at, request }] = api.accepted('postEvent')
    const tookMs = at - request.attributes.at
    assert.ok(tookMs < 4_000, `${tookMs} ms`)
  },
)

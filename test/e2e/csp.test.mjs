// Pages with a policy: the stub hands its nonce on, and needs no more than a policy must allow. SPEC 8.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { loaded, stubPage } from '../support/tag.mjs'

const STRICT = `script-src {nonce} 'strict-dynamic'; object-src 'none'; base-uri 'none'`
const TRUSTED = `require-trusted-types-for 'script'`
const policies = {
  'a nonce and strict-dynamic': STRICT,
  'a nonce alone': `default-src 'none'; script-src {nonce}; connect-src *; img-src data:`,
  'trusted types': `${STRICT}; ${TRUSTED}`,
  'trusted types and a list with ours': `${STRICT}; ${TRUSTED}; trusted-types pw-tag`,
}

// Elsewhere, only what differs between engines.
const everywhere = ['a nonce and strict-dynamic', 'trusted types']

const query = csp => ({
  csp,
  calls: [
    ['event', 'Stub'],
    ['flush', null],
  ],
})

for (const [name, csp] of Object.entries(policies)) {
  scenario(
    `the stub under ${name}`,
    { engines: everywhere.includes(name) ? undefined : ['chromium'] },
    async stage => {
      const page = await stage.browser.open(stubPage(stage, '', { ...query(csp), body: '' }))
      await loaded(page)
      await page.evaluate(() => pw('event', 'Tag'))
      await expectExactlyOnce(stage.api, ['Stub', 'Tag'], { settle: 100 })
      assert.deepEqual(await page.evaluate(() => __errors), [])
    },
  )

  scenario(`a plain script element under ${name}`, { engines: ['chromium'] }, async stage => {
    const { application, endpoint } = stage.options
    const page = await stage.browser.open(
      stage.site.page({
        src: '/pw.js',
        csp,
        'data-application': application,
        'data-endpoint': endpoint,
        'data-page-event': 'View',
        body: '<a href="#" data-pw-event="Clicked">Click</a>',
      }),
    )
    await loaded(page)
    await page.click('a')
    await expectExactlyOnce(stage.api, ['View', 'Clicked'], { settle: 100 })
    assert.deepEqual(await page.evaluate(() => __errors), [])
  })
}

scenario(
  'a list without our policy: pw.js stays away, calls are kept, and flush tells',
  { engines: ['chromium'], withErrors: true },
  async stage => {
    const { browser, api } = stage
    const csp = `${STRICT}; ${TRUSTED}; trusted-types other`
    const head = `<script nonce="n0nce">var told = []</script>`
    const page = await browser.open(stubPage(stage, '', { csp, head, calls: [['event', 'A']] }))
    await page.evaluate(() => pw('flush', done => told.push(done), 5_000))
    await page.waitFor(() => told.length)
    assert.deepEqual(await page.evaluate(() => told), [false])
    const errors = (await page.evaluate(() => __errors)).filter(text => !/^policy:/.test(text))
    assert.deepEqual(errors, [])
    await page.goto(stubPage(stage))
    await expectExactlyOnce(api, ['A'], { settle: 100 })
  },
)

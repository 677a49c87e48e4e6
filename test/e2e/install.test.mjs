// The ways in which the tag is started: by one script element, by `init`, early, late and twice.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { loaded, state, stubPage, taken, warnings } from '../support/tag.mjs'

const calls = (...list) => `<script>${list.join(';')}</script>`
const init = ({ options }) => `pw('init', ${JSON.stringify(options)})`

scenario('one script element is a whole installation', {}, async stage => {
  const { browser, site, api, options } = stage
  const query = {
    src: '/pw.js',
    'data-application': options.application,
    'data-token': options.token,
    'data-endpoint': options.endpoint,
    'data-user-id': '007',
    'data-device-type': '1',
    'data-page-event': 'View',
  }
  const page = await browser.open(site.page({ ...query, title: 'Shop' }))
  await expectExactlyOnce(api, ['View'], { settle: 300 })
  await loaded(page)
  const [{ attributes, device_type, userId }] = taken(api)
  assert.deepEqual([device_type, userId], [1, '007'])
  assert.deepEqual(Object.keys(attributes).sort(), ['referrer', 'title', 'url'])
  assert.equal(attributes.title, 'Shop')
  assert.deepEqual(
    taken(api, 'registerUser').map(request => request.userId),
    ['007'],
  )
  await page.evaluate(`void pw('event', 'Called')`)
  await expectExactlyOnce(api, ['View', 'Called'], { settle: 0 })
  assert.deepEqual(await warnings(page), [])
})

scenario('without data attributes the script waits for init', {}, async stage => {
  const { browser, site, api } = stage
  const page = await browser.open(site.page({ src: '/pw.js' }))
  await loaded(page)
  await page.evaluate(`void pw('event', 'Early')`)
  await page.evaluate(`void ${init(stage)}`)
  await expectExactlyOnce(api, ['Early'], { settle: 200 })
})

scenario('a second init is ignored, with one warning if it differs', {}, async stage => {
  const { browser, api, options } = stage
  const page = await browser.open(stubPage(stage, init(stage)))
  await loaded(page)
  await page.evaluate(`void ${init(stage)}`)
  const { application } = await state(page)
  assert.deepEqual(await warnings(page), [])
  const other = JSON.stringify({ ...options, application: 'OTHER-APPLI' })
  await page.evaluate(`void (pw('init', ${other}), pw('init', ${other}), pw('event', 'A'))`)
  await expectExactlyOnce(api, ['A'], { settle: 0 })
  assert.equal(taken(api)[0].application, application)
  const said = await warnings(page)
  assert.equal(said.length, 1, said.join('\n'))
  assert.match(said[0], /init: .*ignored/)
})

scenario('calls before init wait for it, in order', {}, async stage => {
  const { browser, site, api } = stage
  const early = calls(`pw('register', 'u')`, `pw('event', 'A')`, `pw('reset')`, `pw('event', 'B')`)
  const body = early + calls(`setTimeout(function () { ${init(stage)} }, 500)`)
  const page = await browser.open(site.page({ stub: 1, body }))
  await expectExactlyOnce(api, ['A', 'B'], { settle: 0 })
  const by = Object.fromEntries(taken(api).map(({ event, userId }) => [event, userId]))
  assert.deepEqual(by, { A: 'u', B: undefined })
  assert.deepEqual(await warnings(page), [])
})

scenario(
  'a page without a mistake finds nothing in its console, nor in its globals',
  {},
  async stage => {
    const { browser, site, api } = stage
    const page = await browser.open(site.page())
    const globals = () => Object.getOwnPropertyNames(window).sort().join()
    const before = await page.evaluate(globals)
    await page.goto(stubPage(stage, `pw('event', 'A'); pw('register', 'u')`))
    await expectExactlyOnce(api, ['A'], { settle: 200 })
    assert.deepEqual(await page.evaluate('__console'), [])
    const names = (await page.evaluate(globals)).split(',')
    assert.deepEqual(
      names.filter(name => !before.split(',').includes(name)),
      ['pw'],
    )
  },
)

// The ways in which the tag gets onto a page: alone, twice, in any order, and over whatever is called `pw` already.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { flush, loaded, state, stubPage, taken, warnings } from '../support/tag.mjs'

const bundle = (attributes = '') => `<script ${attributes} src="/pw.js"></script>`
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

/** What stands on the page before, around and after the tag; each calls the event `A` once, and `B`. */
const orders = {
  'the stub twice': s => [
    s.stub,
    calls(init(s), `pw('event', 'A')`),
    s.stub,
    calls(`pw('event', 'B')`),
  ],
  'the bundle twice': s => [
    bundle(),
    bundle(),
    calls(init(s), `pw('event', 'A')`, `pw('event', 'B')`),
  ],
  'the bundle twice, deferred': s => [
    s.stub,
    calls(init(s), `pw('event', 'A')`),
    bundle('async'),
    bundle('defer'),
    calls(`pw('event', 'B')`),
  ],
  'the stub after the bundle': s => [
    bundle(),
    calls(init(s), `pw('event', 'A')`),
    s.stub,
    calls(`pw('event', 'B')`),
  ],
  'two installations, both with their init': s => [
    s.stub,
    calls(init(s), `pw('event', 'A')`),
    s.stub,
    calls(init(s), `pw('event', 'B')`),
  ],
  'the bundle without the stub': s => [
    bundle(),
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'a placeholder {}': s => [
    calls('pw = {}'),
    s.stub,
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'a placeholder []': s => [
    calls('pw = []'),
    s.stub,
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'a placeholder function': s => [
    calls('pw = function () {}'),
    s.stub,
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'a placeholder {} before the bundle': s => [
    calls('pw = {}'),
    bundle(),
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'a placeholder [] before the bundle': s => [
    calls('pw = []'),
    bundle(),
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'a placeholder function before the bundle': s => [
    calls('pw = function () {}'),
    bundle(),
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'an element of that name': s => [
    '<div id="pw"></div><form name="pw"></form>',
    s.stub,
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'an element of that name before the bundle': s => [
    '<div id="pw"></div>',
    bundle(),
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'a queue of arrays': s => [
    calls(`pw = { q: [['init', ${JSON.stringify(s.options)}], ['event', 'A']] }`),
    bundle(),
    calls(`pw.q.push(['event', 'B'])`),
  ],
  'a queue of arrays before the stub': s => [
    calls(`pw = { q: [['init', ${JSON.stringify(s.options)}], ['event', 'A']] }`),
    s.stub,
    calls(`pw('event', 'B')`),
  ],
  'a tag manager’s queue function': s => [
    calls(
      'pw = function () { pw.q.push(arguments) }; pw.q = []; var kept = pw',
      init(s),
      `pw('event', 'A')`,
    ),
    bundle(),
    calls(`kept('event', 'B')`),
  ],
  'a kept reference to the queue': s => [
    s.stub,
    calls('var queue = pw.q', init(s), `queue.push(['event', 'A'])`),
    calls(`setTimeout(function () { queue.push(['event', 'B']) }, 300)`),
  ],
  'a queue pushed to while the bundle loads': s => [
    s.stub,
    calls(`pw.q.push(['event', 'A'])`, init(s), `pw.q.push(['event', 'B'])`),
  ],
}

scenario('it runs once, whatever the order', { timeout: 120_000 }, async stage => {
  const { browser, site, api, t } = stage
  const html = await (await fetch(site.page({ stub: 1 }))).text()
  const stub = html.slice(html.lastIndexOf('<script>'), html.indexOf('<body>'))
  const page = await browser.open(site.page())
  for (const [name, parts] of Object.entries(orders)) {
    await t.test(name, async () => {
      api.reset()
      await page.goto(site.page({ body: parts({ ...stage, stub }).join('\n') }))
      await loaded(page)
      await expectExactlyOnce(api, ['A', 'B'], { settle: 150, timeout: 4_000 })
      assert.equal(await flush(page), true)
      assert.deepEqual(await warnings(page), [])
      assert.deepEqual(await page.evaluate('__errors'), [])
    })
  }
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

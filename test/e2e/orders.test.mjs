// The tag gets onto a page in any order, twice, and over whatever is called `pw` already; it runs once, and loses nothing.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { flush, loaded, warnings } from '../support/tag.mjs'

const bundle = (attributes = '') => `<script ${attributes} src="/pw.js"></script>`
const attributed = ({ options }) =>
  bundle(
    Object.entries(options)
      .map(([name, value]) => `data-${name}="${value}"`)
      .join(' '),
  )
const calls = (...list) => `<script>${list.join(';')}</script>`
const init = ({ options }) => `pw('init', ${JSON.stringify(options)})`

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
  'a placeholder with a queue that is none': s => [
    calls('pw = { q: 1 }'),
    s.stub,
    calls(init(s), `pw('event', 'A'), pw('event', 'B')`),
  ],
  'a form of that name with a field q': s => [
    '<form id="pw"><input name="q"></form>',
    s.stub,
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
  'the stub without init, and a bundle whose attributes are the init': s => [
    s.stub,
    calls(`pw('event', 'A')`),
    // By whichever copy comes first.
    attributed(s),
    calls(`pw('event', 'B')`),
  ],
  'the bundle without init, and again with it in its attributes': s => [
    bundle(),
    calls(`pw('event', 'A')`),
    attributed(s),
    calls(`pw('event', 'B')`),
  ],
  'two bundles with the same attributes': s => [
    attributed(s),
    calls(`pw('event', 'A')`),
    attributed(s),
    calls(`pw('event', 'B')`),
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

// Mistakes in a call: a warning that says which call it was, what was wrong and what was done; nothing thrown; and what
// was called before and after arrives.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { flush, loaded, stubPage, warnings } from '../support/tag.mjs'

const IGNORED = /; ignored/
const REFUSED = /; refused/
const cases = {
  'an unknown command': [`pw('evnt', 'Bad')`, /pw: unknown command; ignored.*evnt/],
  'a command of Object.prototype': [`pw('toString'), pw('constructor')`, /pw: unknown command/],
  'an event without a name': [`pw('event')`, /event: the name .*ignored/],
  'an event with an empty name': [`pw('event', '')`, /event: the name .*ignored/],
  'an event whose name is no string': [`pw('event', { name: 'Bad' })`, /event: the name .*ignored/],
  'attributes that are a list': [`pw('event', 'Bad', [1])`, /event: attributes .*refused/],
  'attributes that are a text': [`pw('event', 'Bad', 'x')`, /event: attributes .*refused/],
  'attributes with a cycle': [
    `var a = { list: [] }; a.list.push(a); pw('event', 'Bad', a)`,
    /event: attributes .*refused/s,
  ],
  'attributes with a BigInt': [
    `pw('event', 'Bad', { n: BigInt(1) })`,
    /event: attributes .*refused/,
  ],
  'a getter that throws': [
    `pw('event', 'Bad', { get a() { throw new Error('mine') } })`,
    /event: attributes .*refused/,
  ],
  'getters that throw in turn': [
    `[1, 2, 3].forEach(function (n) {
      pw('event', 'Bad', { get a() { throw new Error('mine ' + n) } })
    })`,
    /event: attributes .*refused/,
  ],
  'an own toJSON that throws': [
    `pw('event', 'Bad', { a: { toJSON: function () { throw new Error('mine') } } })`,
    /event: attributes .*refused/,
  ],
  'a body of too many bytes': [
    `pw('event', 'Bad', { a: new Array(60001).join('x') })`,
    /event: too many bytes; .*refused/,
  ],
  'too many bytes in few characters': [
    `pw('event', 'Bad', { a: new Array(25000).join('\\u65e5') })`,
    /event: too many bytes; .*refused/,
  ],
  'a user id that is an object': [`pw('register', { id: 1 })`, /register: .*ignored/],
  'a consent that is neither': [`pw('consent', 'yes')`, /consent: .*ignored/],
  'get without a callback': [`pw('get')`, /get: .*callback.*ignored/],
  'get with a text': [`pw('get', 'hwid')`, /get: .*callback.*ignored/],
  'on without a listener': [`pw('on', 'delivered')`, /on: .*function.*ignored/],
  'on an unknown type': [`pw('on', 'sent', function () {})`, /on: .*delivered.*ignored/],
  'flush with a text': [`pw('flush', 'now')`, /flush: .*ignored/],
  'another init': [`pw('init', { application: 'XXXXX-YYYYY' })`, /init: .*before.*ignored/],
  nothing: [`pw()`, /pw: .*ignored/],
  null: [`pw(null)`, /pw: .*ignored/],
  'a symbol': [`pw(Symbol('s'))`, /pw: .*ignored/],
  'an object': [`pw({})`, /pw: .*ignored/],
  'a list': [`pw([])`, /pw: .*ignored/],
  'an object without a prototype': [`pw(Object.create(null).x, 1)`, /pw: .*ignored/],
  'garbage in the queue': [`pw.q.push(null), pw.q.push(5, 'x', [], {})`, /pw: .*ignored/],
}

scenario('takes mistakes in a call', { timeout: 120_000 }, async stage => {
  const { browser, api, t } = stage
  const page = await browser.open(stage.site.page())
  for (const [name, [call, warning]] of Object.entries(cases)) {
    await t.test(name, async () => {
      api.reset()
      const run = (before, after) => `pw('event', '${before}'); ${call}; pw('event', '${after}')`
      const slow = { src: '/pw.js?delay=50' }
      await page.goto(stubPage(stage, run('Stub before', 'Stub after'), slow))
      await page.waitFor('document.readyState === "complete"')
      await page.evaluate(`void function () { ${run('Tag before', 'Tag after')} }()`)
      assert.equal(await flush(page), true)
      const said = await warnings(page)
      assert.ok(
        said.some(line => warning.test(line)),
        said.join('\n'),
      )
      const kinds = said.map(line => line.match(/\[pw-tag\].*?; (ignored|refused)/)[0])
      assert.equal(new Set(kinds).size, kinds.length, `one warning a kind: ${said.join('\n')}`)
      assert.ok(
        said.every(line => IGNORED.test(line) || REFUSED.test(line) || /rest was/.test(line)),
      )
      const events = ['Stub before', 'Stub after', 'Tag before', 'Tag after']
      await expectExactlyOnce(api, events, { settle: 0, timeout: 3_000 })
      assert.deepEqual(await page.evaluate('__errors'), [])
    })
  }
})

for (const [name, spoil] of Object.entries({
  'no console': 'console = undefined',
  'a console that can do nothing': 'console = {}',
  'a console that throws': `console.warn = console.log = function () { throw new Error('mine') }`,
})) {
  scenario(`a mistake on a page with ${name} disturbs nothing`, {}, async stage => {
    const mistakes = `pw('evnt'), pw('init', { token: {} }), pw('event', 'Bad', [1])`
    const run = which =>
      `pw('event', '${which} before'); ${mistakes}; pw('event', '${which} after')`
    const init = { ...stage.options, debug: true }
    const slow = { src: '/pw.js?delay=50', init }
    const page = await stage.browser.open(stubPage(stage, `${spoil}; ${run('Stub')}`, slow))
    await loaded(page)
    await page.evaluate(`void function () { ${run('Tag')} }()`)
    assert.equal(await flush(page), true)
    const events = ['Stub before', 'Stub after', 'Tag before', 'Tag after']
    await expectExactlyOnce(stage.api, events, { settle: 0, timeout: 3_000 })
    assert.deepEqual(await page.evaluate('__errors'), [])
  })
}

const options = {
  'a token that is an object': [{ token: {} }, /init: token can't/],
  'an endpoint that is no address': [{ endpoint: 'http://' }, /init: endpoint can't/],
  'an endpoint that is no web address': [
    { endpoint: 'javascript:alert(1)' },
    /init: endpoint can't/,
  ],
  'a user id that is a list': [{ userId: ['a'] }, /init: userId can't/],
  'a HWID that is an object': [{ hwid: {} }, /init: hwid can't/],
  'a device type that is a text': [{ deviceType: 'phone' }, /init: deviceType can't/],
  'a consent that is none': [{ consent: 'maybe' }, /init: consent can't/],
  'clicks that are a number': [{ clicks: 3 }, /init: clicks can't/],
  'an unknown option': [{ aplication: 'x' }, /init: aplication can't/],
}

scenario('takes mistakes in an option', {}, async stage => {
  const { site, browser, api, t } = stage
  const page = await browser.open(site.page())
  for (const [name, [option, warning]] of Object.entries(options)) {
    await t.test(name, async () => {
      api.reset()
      // Where the endpoint is the mistake, the vendor's own would be asked: nothing is sent then.
      const rest = 'endpoint' in option ? { consent: 'pending' } : {}
      const init = { ...stage.options, ...rest, ...option }
      await page.goto(stubPage(stage, `pw('event', 'A')`, { init }))
      await loaded(page)
      const said = await page.waitFor(
        `(said => said.length && said)(__console.filter(line => /\\[pw-tag\\]/.test(line)))`,
      )
      const about = said.filter(line =>
        /^warn: \[pw-tag\] init: .* can't be used; ignored/.test(line),
      )
      assert.equal(about.length, 1, said.join('\n'))
      assert.match(about[0], warning)
      if (!('endpoint' in option)) {
        await expectExactlyOnce(api, ['A'], { settle: 0, timeout: 3_000 })
      }
    })
  }
})

for (const [name, init] of Object.entries({
  'no options': undefined,
  'options that are null': null,
  'options that are a text': 'AAAAA-BBBBB',
  'no application': {},
})) {
  scenario(`init with ${name} is said, and a later one counts`, {}, async stage => {
    const { site, browser, api } = stage
    const script = `pw('event', 'Before'); pw('init', ${JSON.stringify(init)}); pw('event', 'Between')`
    const body = `<script>${script}</script>`
    const page = await browser.open(site.page({ stub: 1, src: '/pw.js?delay=50', body }))
    await loaded(page)
    await page.waitFor(`__console.some(line => /init: .*application.*ignored/.test(line))`)
    assert.equal((await warnings(page)).length, 1)
    await page.evaluate(given => pw('init', given), stage.options)
    await expectExactlyOnce(api, ['Before', 'Between'], { settle: 100 })
  })
}

scenario('a malformed application is warned of and used', {}, async stage => {
  const { browser, api } = stage
  const init = { ...stage.options, application: 'not-a-code' }
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`, { init }))
  await loaded(page)
  const said = await page.evaluate(
    `new Promise(done => pw('flush', () => done(__console.join()), 5000))`,
  )
  assert.match(said, /init: application must be XXXXX-XXXXX; used/)
  assert.equal(api.requests[0].request.application, 'not-a-code')
})

// Whatever the public function is given, in whatever order: it throws nothing, and a good call after it arrives.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { scenario } from '../support/scenario.mjs'
import { loaded, stubPage } from '../support/tag.mjs'

const SEED = Number(process.env.SEED ?? 20_261)
const ROUNDS = 12

/** What callbacks of the page's own throw. */
const OWN = /Uncaught 1$|Class constructor/

/** JavaScript source of a value: JSON carries little of what a page may pass. */
const odd = fc.constantFrom(
  'undefined',
  'null',
  'NaN',
  '-0',
  '1n',
  "Symbol('s')",
  '() => {}',
  'function () { throw 1 }',
  'class {}',
  'new Date(NaN)',
  'new Map([[1, 2]])',
  'new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 } })',
  'Object.create(null)',
  'Object.freeze([1])',
  'document',
  'window',
  'document.body',
  '{ get a() { throw 1 } }',
  '{ toString() { throw 1 } }',
  '{ valueOf() { throw 1 }, toJSON() { throw 2 } }',
  '(a => (a.a = a))({})',
  'Promise.resolve(1)',
  'new Uint8Array(3)',
  '/x/g',
  "'\\ud800'",
  "'x'.repeat(70000)",
  'arguments',
)
const anything = fc.oneof(
  odd,
  fc.anything({ withBigInt: false, withDate: false }).map(value => {
    try {
      return JSON.stringify(value) ?? 'undefined'
    } catch {
      return 'null'
    }
  }),
)
const word = fc
  .constantFrom(
    ...[
      'event',
      'register',
      'reset',
      'flush',
      'get',
      'on',
      'init',
      'toString',
      '__proto__',
      'event ',
    ],
  )
  .map(name => `'${name}'`)
const argument = fc.oneof(
  anything,
  fc.constantFrom("'Fuzz'", "'delivered'", "'*'", '5', '() => {}'),
)
const call = fc
  .tuple(fc.oneof({ weight: 4, arbitrary: word }, anything), fc.array(argument, { maxLength: 4 }))
  .map(([first, rest]) => [first, ...rest].map(source => `(${source})`).join(', '))
const pushed = fc
  .array(anything, { maxLength: 3 })
  .map(items => `pw.q.push(${items.map(source => `(${source})`).join(', ')})`)
const line = fc.oneof({ weight: 5, arbitrary: call.map(args => `pw(${args})`) }, pushed)
const script = fc.array(line, { minLength: 20, maxLength: 60 })

const guarded = lines =>
  lines
    .map(
      line =>
        `try { (function () { ${line} })() } catch (e) { thrown.push(${JSON.stringify(line)} + ' ' + e) }`,
    )
    .join('\n')

const escaped = source => source.replaceAll('</', '<\\/').replaceAll('<!--', '<\\!--')

scenario(
  'takes anything, before and after pw.js is there',
  { engines: ['chromium'], timeout: 60_000, withErrors: true },
  async stage => {
    const { browser, api, t } = stage
    t.diagnostic(`SEED=${SEED}`)
    const page = await browser.open(stage.site.page())
    for (const [i, lines] of fc
      .sample(fc.tuple(script, script), { seed: SEED, numRuns: ROUNDS })
      .entries()) {
      api.reset()
      const [early, late] = lines
      const text = `var thrown = []; pw('event', 'First'); ${escaped(guarded(early))}; pw('event', 'Early ${i}')`
      await page.goto(
        stubPage(stage, '', { body: '', calls: [], src: `/pw.js?delay=${i % 2 ? 150 : 0}` }),
        { until: 'domcontentloaded' },
      )
      await page.evaluate(`void (0, eval)(${JSON.stringify(text)})`)
      await loaded(page)
      await page.evaluate(
        `void (0, eval)(${JSON.stringify(`${guarded(late)}; pw('event', 'Late ${i}')`)})`,
      )
      assert.deepEqual(await page.evaluate('thrown'), [])
      const flushed = await page.evaluate(`new Promise(done => pw('flush', done, 8000))`)
      const arrived = new Set(api.accepted('postEvent').map(({ request }) => request.event))
      const told = () => `round ${i}, flushed ${flushed}:\n${[...early, ...late].join('\n')}`
      for (const name of ['First', `Early ${i}`, `Late ${i}`])
        assert.ok(arrived.has(name), `${name}, ${told()}`)
      const errors = (await page.evaluate('__errors')).filter(text => !OWN.test(text))
      assert.deepEqual(errors, [], told())
    }
  },
)

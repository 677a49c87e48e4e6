// Each command of the global function, through the stub, through a kept reference to it, and after `pw.js` has come.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { asked, flush, loaded, names, state, stubPage, taken } from '../support/tag.mjs'

const SLOW = { src: '/pw.js?delay=300' }

/** All commands, called as `name`; what their callbacks tell is added to `told`. */
const all = (name, mark) => `
  ${name}('on', '*', function (end) { told.push('${mark} on ' + end.type + ' ' + end.method) })
  ${name}('event', '${mark} plain')
  ${name}('event', '${mark} full', { n: 1, at: { deep: [1, 'two', null] } })
  ${name}('register', '${mark}')
  ${name}('event', '${mark} known')
  ${name}('reset')
  ${name}('event', '${mark} unknown')
  ${name}('get', function (state) { told.push('${mark} get ' + state.userId) })
  ${name}('consent', 'granted')
  ${name}('flush', function (done) { told.push('${mark} flush ' + done) }, 10000)
  told.push('${mark} called')`
const EVENTS = ['plain', 'full', 'known', 'unknown']

scenario('takes every command in every way', {}, async stage => {
  const { browser, api } = stage
  const script = `var told = [], kept = pw; ${all('pw', 'stub')}`
  const page = await browser.open(stubPage(stage, script, SLOW))
  await loaded(page)
  await page.waitFor(`told.join().indexOf('stub flush') >= 0`)
  for (const [name, mark] of [
    ['kept', 'kept'],
    ['pw', 'tag'],
  ]) {
    await page.evaluate(`void function () { ${all(name, mark)} }()`)
    await page.waitFor(mark => told.join().includes(`${mark} flush`), mark)
  }
  const marks = ['stub', 'kept', 'tag']
  const events = marks.flatMap(mark => EVENTS.map(name => `${mark} ${name}`))
  await expectExactlyOnce(api, events, { settle: 200 })

  const told = await page.evaluate('told')
  for (const mark of marks) {
    // Asynchronously, however it was called.
    assert.equal(
      told.find(line => line.startsWith(mark)),
      `${mark} called`,
    )
    assert.ok(told.includes(`${mark} flush true`), told.join('\n'))
    const once = told.filter(line => new RegExp(`^${mark} (get|flush)`).test(line))
    assert.equal(once.length, 2, once.join())
    const by = Object.fromEntries(taken(api).map(request => [request.event, request]))
    assert.equal(by[`${mark} known`].userId, mark)
    for (const name of ['plain', 'unknown']) {
      assert.ok(!('userId' in by[`${mark} ${name}`]), `${mark} ${name}`)
      assert.deepEqual(by[`${mark} ${name}`].attributes, {})
    }
    assert.deepEqual(by[`${mark} full`].attributes, { n: 1, at: { deep: [1, 'two', null] } })
  }
  // Logged out at the end, and the API knows it.
  assert.ok(!('userId' in taken(api, 'registerUser').at(-1)))
})

scenario('a callback that throws is the page’s own affair', { withErrors: true }, async stage => {
  const { browser, site, api } = stage
  const boom = `function () { calls++; throw new Error('mine') }`
  const script = `var calls = 0; pw('on', '*', ${boom}); pw('get', ${boom}); pw('event', 'A'); pw('flush', ${boom})`
  const page = await browser.open(stubPage(stage, script, SLOW))
  await until(() => site.errors.length === 3)
  await page.evaluate(`void function () { pw('get', ${boom}), pw('event', 'B') }()`)
  await until(() => site.errors.length === 5)
  for (const error of site.errors) assert.match(error, /mine/)
  assert.equal(await flush(page), true)
  await expectExactlyOnce(api, ['A', 'B'], { settle: 300 })
  assert.equal(site.errors.length, 5)
  assert.equal(await page.evaluate('calls'), 5)
})

scenario('flush takes its arguments in either order', {}, async stage => {
  const { browser, api } = stage
  api.behave({ hang: true })
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`))
  await loaded(page)
  const times = await page.evaluate(async () => {
    const timed = (...args) =>
      new Promise(resolve => {
        const from = performance.now()
        const callback = done => resolve([done, performance.now() - from])
        pw('flush', ...args.map(arg => (arg === 'callback' ? callback : arg)))
      })
    return Promise.all([timed('callback', 300), timed(600, 'callback'), timed('callback')])
  })
  assert.deepEqual(
    times.map(([done]) => done),
    [false, false, false],
  )
  const expected = [300, 600, 2000]
  times.forEach(([, ms], index) => {
    assert.ok(ms >= expected[index] - 20 && ms < expected[index] + 800, `${ms} ms`)
  })
})

scenario('flush tells, whatever else it is given', {}, async stage => {
  const page = await stage.browser.open(stubPage(stage, `pw('event', 'A')`))
  await loaded(page)
  await expectExactlyOnce(stage.api, ['A'], { settle: 0 })
  const told = await page.evaluate(async () => {
    const odd = [5n, Symbol('s'), Object.create(null), { valueOf: null }, Number.POSITIVE_INFINITY]
    const one = given => new Promise(resolve => pw('flush', resolve, given))
    return Promise.all(odd.map(one))
  })
  assert.deepEqual(told, [true, true, true, true, true])
  // With something to wait for, it is not at the end of its time before that has begun.
  stage.api.behave({ delayMs: 600 })
  const late = await page.evaluate(() => {
    pw('event', 'B')
    return new Promise(resolve => pw('flush', resolve, Number.POSITIVE_INFINITY))
  })
  assert.equal(late, true)
})

scenario('flush tells at once where there is nothing to wait for', {}, async stage => {
  const { browser, site } = stage
  const page = await browser.open(stubPage(stage))
  await loaded(page)
  assert.equal(await flush(page), true)
  for (const consent of ['pending', 'denied']) {
    const init = { ...stage.options, consent }
    await page.goto(stubPage({ site, options: init }, `pw('event', 'Never')`))
    await loaded(page)
    const ms = await page.evaluate(
      () =>
        new Promise(resolve => {
          const from = performance.now()
          pw('flush', done => resolve(done === false && performance.now() - from), 8_000)
        }),
    )
    assert.ok(ms !== false && ms < 1_000, `${consent}: ${ms}`)
  }
  assert.deepEqual(names(stage.api), [])
})

for (const [name, src] of Object.entries({
  'not there': '/pw.js?status=404',
  blocked: 'http://localhost:1/pw.js',
})) {
  scenario(`flush tells false where pw.js is ${name}`, {}, async stage => {
    const { browser } = stage
    const script = `var told = []; pw('event', 'A'); pw('flush', function (done) { told.push(done) }, 8000)`
    const page = await browser.open(stubPage(stage, script, { src }))
    await page.waitFor('told.length')
    // After the failure is known too.
    await page.evaluate(`void pw('flush', 8000, function (done) { told.push(done) })`)
    await page.waitFor('told.length === 2')
    assert.deepEqual(await page.evaluate('told'), [false, false])
  })
}

scenario('tells listeners how each request ended', {}, async stage => {
  const { browser, api } = stage
  const listen = ['delivered', 'refused', 'dropped', '*'].map(
    type => `pw('on', '${type}', function (end) { ends.push(['${type}', end]) })`,
  )
  const page = await browser.open(stubPage(stage, `var ends = []; ${listen.join(';')}`))
  await loaded(page)
  await page.evaluate(`void pw('event', 'Good', { a: 1 })`)
  await page.waitFor('ends.length === 2')
  api.behave(({ request }) => request.event === 'Bad' && { statusCode: 210 })
  await page.evaluate(`void pw('event', 'Bad')`)
  await page.waitFor('ends.length === 4')
  await page.evaluate(`void pw('event', 'Worse', [])`)
  await page.waitFor('ends.length === 6')
  const ends = JSON.parse(await page.evaluate('JSON.stringify(ends)'))
  assert.deepEqual(ends.map(([type]) => type).sort(), [
    '*',
    '*',
    '*',
    'delivered',
    'refused',
    'refused',
  ])
  const of = name => ends.find(([, { request }]) => request.event === name)[1]
  const { type, method, request, status, attempts } = of('Good')
  assert.deepEqual([type, method, status, attempts], ['delivered', 'postEvent', 200, 1])
  assert.deepEqual(request, taken(api)[0])
  assert.deepEqual([of('Bad').status, of('Bad').reason], [210, 'Argument error'])
  assert.deepEqual([of('Worse').type, of('Worse').attempts], ['refused', 0])
  assert.match(of('Worse').reason, /attributes/)
})

scenario('flush in the moment in which another one ends', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`))
  await expectExactlyOnce(api, ['A'], { settle: 300 })
  api.behave({ delayMs: 500 })
  const order = await page.evaluate(
    () =>
      new Promise(done => {
        const seen = []
        const { count } = IDBObjectStore.prototype
        let counts = 0
        pw('on', 'delivered', ({ request }) => seen.push(request.event))
        IDBObjectStore.prototype.count = function (...args) {
          // The first is of the look at what waits, the second of the end.
          if (++counts === 2) {
            Promise.resolve().then(() => {
              pw('event', 'B')
              pw('flush', delivered => done(seen.concat(delivered)), 10_000)
            })
          }
          return count.apply(this, args)
        }
        pw('flush')
      }),
  )
  assert.deepEqual(order, ['B', true])
})

scenario('get tells what is known, and what waits', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage))
  await loaded(page)
  const first = await state(page)
  assert.match(first.hwid, /^[0-9a-f]{32}$/)
  assert.match(first.version, /^\d+\.\d+\.\d+/)
  const { application } = stage.options
  const expected = { userId: null, application, consent: 'granted', waiting: 0 }
  assert.deepEqual(first, { ...expected, hwid: first.hwid, version: first.version })
  api.behave({ hang: true })
  await page.evaluate(`void (pw('register', 5), pw('event', 'A'), pw('event', 'B'))`)
  assert.deepEqual(await state(page), { ...first, userId: '5', waiting: 3 })
  await until(() => asked(api, 'postEvent').length === 2)
  assert.equal((await state(page)).waiting, 3)
})

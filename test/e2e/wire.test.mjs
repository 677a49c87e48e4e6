// What stands on the wire, and when (SPEC 3): fields, headers, times, refusals, where the API is.
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { asked, flush, loaded, state, stubPage, taken } from '../support/tag.mjs'

const DEVICE_TYPES = { chromium: 11, firefox: 12, webkit: 10 }
const HWID = /^[0-9a-f]{32}$/

scenario('the requests have these fields and no others', {}, async stage => {
  const { browser, api, engine, options } = stage
  const calls = `pw('event', 'Anonymous'); pw('register', '007'); pw('event', 'Known', { price: 1.5 })`
  const page = await browser.open(stubPage(stage, calls))
  await until(() => taken(api).length === 2 && taken(api, 'registerUser').length === 1)
  const offset = await page.evaluate(() => -60 * new Date().getTimezoneOffset())
  const known = {
    application: options.application,
    hwid: (await state(page)).hwid,
    device_type: DEVICE_TYPES[engine],
  }
  const [{ timestampUTC, timestampCurrent }] = taken(api)
  assert.match(known.hwid, HWID)
  assert.ok(Math.abs(timestampUTC - Date.now() / 1000) < 30, String(timestampUTC))
  assert.equal(timestampCurrent, timestampUTC + offset)
  const times = { timestampUTC, timestampCurrent }
  const sameTimes = taken(api).map(request => ({ ...request, ...times }))
  assert.deepEqual(
    sameTimes.sort((a, b) => (a.event < b.event ? -1 : 1)),
    [
      { ...known, ...times, event: 'Anonymous', attributes: {} },
      { ...known, ...times, userId: '007', event: 'Known', attributes: { price: 1.5 } },
    ],
  )
  assert.deepEqual(taken(api, 'registerUser'), [{ ...known, userId: '007', tz_offset: offset + 0 }])
})

scenario('only registerUser carries a header, and only it is preflighted', {}, async stage => {
  const { browser, api, options } = stage
  const page = await browser.open(stubPage(stage, `pw('event', 'A'); pw('register', 'u')`))
  await until(() => api.accepted().length === 2)
  assert.equal(await flush(page), true)
  assert.deepEqual([...new Set(api.preflights.map(({ method }) => method))], ['registerUser'])
  const [event] = asked(api, 'postEvent')
  assert.equal(event.headers['content-type'].toLowerCase(), 'text/plain;charset=utf-8')
  assert.equal(event.headers.authorization, undefined)
  const [user] = asked(api, 'registerUser')
  assert.equal(user.headers.authorization, `Token ${options.token}`)
  assert.equal(user.headers['content-type'].toLowerCase(), 'text/plain;charset=utf-8')
})

scenario('without a token nothing is preflighted', {}, async stage => {
  const { browser, api } = stage
  const { token, ...init } = stage.options
  api.behave(() => ({ statusCode: 200 }))
  const page = await browser.open(stubPage(stage, `pw('register', 'u')`, { init }))
  await until(() => asked(api, 'registerUser').length)
  await loaded(page)
  assert.equal(asked(api, 'registerUser')[0].headers.authorization, undefined)
  assert.deepEqual(api.preflights, [])
})

scenario('cookies of the API’s site stay at home', {}, async stage => {
  const { browser, other, api } = stage
  const page = await browser.open(other.page())
  await page.evaluate(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: there is nothing else in all engines
    document.cookie = 'session=secret; path=/'
  })
  await page.goto(stubPage({ ...stage, site: other }, `pw('event', 'A'); pw('register', 'u')`))
  await until(() => api.accepted().length === 2)
  for (const { headers } of api.requests) assert.equal(headers.cookie, undefined)
  // Cookies know no ports: the next test would have it as well.
  await page.evaluate(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: there is nothing else in all engines
    document.cookie = 'session=; path=/; max-age=0'
  })
})

scenario('the times are the call’s, not the sending’s', {}, async stage => {
  const { browser, api } = stage
  const script = `var at = Math.floor(Date.now() / 1000); pw('event', 'Early'); at += ',' + Math.floor(Date.now() / 1000)`
  const page = await browser.open(stubPage(stage, script, { src: '/pw.js?delay=2500' }))
  await expectExactlyOnce(api, ['Early'], { settle: 0 })
  const [from, to] = (await page.evaluate('at')).split(',').map(Number)
  const [{ timestampUTC }] = taken(api)
  assert.ok(timestampUTC >= from && timestampUTC <= to, `${timestampUTC} not in ${from}–${to}`)
  assert.ok(asked(api, 'postEvent')[0].at / 1000 - timestampUTC > 2, 'it was sent much later')
})

scenario('a time that a tag manager gives a call is taken', {}, async stage => {
  const { browser, api } = stage
  const push = `var call = ['event', 'Past']; call.t = 1700000000999; pw.q.push(call)`
  await browser.open(stubPage(stage, push))
  await expectExactlyOnce(api, ['Past'], { settle: 0 })
  assert.equal(taken(api)[0].timestampUTC, 1_700_000_000)
})

scenario('attributes are those of the call', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage))
  await loaded(page)
  await page.evaluate(() => {
    const attributes = { list: [1], when: new Date(2026, 0, 31, 23, 5), price: '1.0' }
    window.pw('event', 'A', attributes)
    attributes.list.push(2)
    attributes.price = '2.0'
  })
  await expectExactlyOnce(api, ['A'], { settle: 0 })
  const expected = { list: [1], when: '2026-01-31 23:05', price: '1.0' }
  assert.deepEqual(taken(api)[0].attributes, expected)
})

scenario('attributes called through the stub are those of the call', {}, async stage => {
  const { browser, api } = stage
  const script = `
    var a = { list: [1], when: new Date(2026, 0, 31, 23, 5), price: '1.0', no: [NaN, 1 / 0, new Date(NaN)] }
    pw('event', 'A', a); a.list.push(2); a.price = '2.0'`
  await browser.open(stubPage(stage, script, { src: '/pw.js?delay=300' }))
  await expectExactlyOnce(api, ['A'], { settle: 0 })
  const expected = { list: [1], when: '2026-01-31 23:05', price: '1.0', no: [] }
  assert.deepEqual(taken(api)[0].attributes, expected)
})

scenario('numbers that JSON has not lose no event through the stub', {}, async stage => {
  const { browser, api } = stage
  const events = ['NaN', '1 / 0', '-1 / 0', 'new Date(NaN)'].map(
    (value, index) =>
      `pw('event', 'Odd ${index}', { value: ${value} }); pw('event', 'Plain ${index}')`,
  )
  const script = `pw('event', 'First'); ${events.join(';')}`
  await browser.open(stubPage(stage, script, { src: '/pw.js?delay=300' }))
  const names = [0, 1, 2, 3].flatMap(index => [`Odd ${index}`, `Plain ${index}`])
  await expectExactlyOnce(api, ['First', ...names], { settle: 0, timeout: 5_000 })
})

scenario('what is refused blocks nothing behind it', {}, async stage => {
  const { browser, api, options } = stage
  const init = { ...options, token: 'wrong' }
  const script = `var ends = []; pw('on', 'refused', function (end) { ends.push([end.status, end.method, end.reason]) })
    pw('register', 'u'); pw('event', 'Before')`
  api.behave(({ request }) => request.event === 'Bad' && { statusCode: 210 })
  const page = await browser.open(stubPage(stage, script, { init }))
  await loaded(page)
  await page.evaluate(`void (pw('event', 'Bad'), pw('event', 'After'))`)
  await expectExactlyOnce(api, ['Before', 'After'], { settle: 500 })
  assert.equal(await flush(page), true)
  assert.deepEqual((await page.evaluate('ends')).sort(), [
    [210, 'postEvent', 'Argument error'],
    [401, 'registerUser', 'Unauthorized: wrong or missing token'],
  ])
  assert.equal(asked(api, 'registerUser').length, 1)
  assert.equal(api.requests.filter(({ request }) => request.event === 'Bad').length, 1)
})

scenario('what is refused is not sent by the next page either', {}, async stage => {
  const { browser, api } = stage
  api.behave({ status: 403 })
  const page = await browser.open(stubPage(stage, `pw('event', 'Bad')`))
  await until(() => asked(api, 'postEvent').length)
  assert.equal(await flush(page), true)
  api.behave()
  await page.goto(stubPage(stage, `pw('event', 'Good')`))
  await expectExactlyOnce(api, ['Good'], { settle: 500 })
})

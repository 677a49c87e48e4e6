// Who calls: the HWID, the user, and when the API is told (SPEC 2 and 4).
import assert from 'node:assert/strict'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { asked, flush, loaded, state, stubPage, taken } from '../support/tag.mjs'

const HWID = /^[0-9a-f]{32}$/
const users = api => taken(api, 'registerUser').map(({ userId }) => userId ?? null)

/** All values in the tag's database, as text. */
const stored = page =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open('pw-tag')
        open.onerror = () => reject(open.error)
        open.onsuccess = () => {
          const db = open.result
          const [name] = db.objectStoreNames
          const all = db.transaction(name).objectStore(name).getAll()
          all.onsuccess = () => {
            db.close()
            resolve(JSON.stringify(all.result))
          }
        }
      }),
  )

scenario('a HWID is made once, and kept in IndexedDB', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`))
  await loaded(page)
  const { hwid } = await state(page)
  assert.match(hwid, HWID)
  await until(async () => (await stored(page)).includes(hwid))
  await page.evaluate(() => localStorage.clear())
  await page.goto(stubPage(stage, `pw('event', 'B')`))
  await expectExactlyOnce(api, ['A', 'B'], { settle: 0 })
  assert.deepEqual(
    taken(api).map(request => request.hwid),
    [hwid, hwid],
  )
})

scenario('two tabs that open at once have one HWID', {}, async stage => {
  const { browser, site, api } = stage
  const tabs = []
  for (const _ of [1, 2, 3]) tabs.push(await browser.open(site.page()))
  await Promise.all(
    tabs.map((tab, index) => tab.goto(stubPage(stage, `pw('event', 'Tab ${index}')`))),
  )
  await expectExactlyOnce(api, ['Tab 0', 'Tab 1', 'Tab 2'], { settle: 0 })
  assert.equal(new Set(taken(api).map(({ hwid }) => hwid)).size, 1)
})

scenario('frames that start in the same tick have one HWID', {}, async stage => {
  const { browser, site, api } = stage
  const src = index => stubPage(stage, `pw('event', 'Frame ${index}')`).replaceAll('&', '&amp;')
  const frames = [...Array(8).keys()].map(index => `<iframe src="${src(index)}"></iframe>`)
  await browser.open(site.page({ body: frames.join('') }))
  await until(() => taken(api).length === 8)
  assert.equal(new Set(taken(api).map(({ hwid }) => hwid)).size, 1)
})

scenario('a given HWID is used and stored', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('event', 'Generated')`))
  await expectExactlyOnce(api, ['Generated'], { settle: 0 })
  const init = { ...stage.options, hwid: 'from-the-server' }
  await page.goto(stubPage(stage, `pw('event', 'Given')`, { init }))
  await expectExactlyOnce(api, ['Generated', 'Given'], { settle: 0 })
  await until(async () => (await stored(page)).includes('from-the-server'))
  await page.goto(stubPage(stage, `pw('event', 'Later')`))
  await expectExactlyOnce(api, ['Generated', 'Given', 'Later'], { settle: 0 })
  const by = Object.fromEntries(taken(api).map(({ event, hwid }) => [event, hwid]))
  assert.match(by.Generated, HWID)
  assert.deepEqual([by.Given, by.Later], ['from-the-server', 'from-the-server'])
})

/** Makes the database of the vendor's web push SDK, as that does; `hwid` null: before it has one. */
const makeSdkStore = (page, hwid) =>
  page.evaluate(
    value =>
      new Promise(resolve => {
        const open = indexedDB.open('PUSHWOOSH_SDK_STORE', 7)
        open.onupgradeneeded = () => open.result.createObjectStore('keyValue', { keyPath: 'key' })
        open.onsuccess = () => {
          const transaction = open.result.transaction('keyValue', 'readwrite')
          if (value) transaction.objectStore('keyValue').put({ key: 'params.hwid', value })
          transaction.oncomplete = () => {
            open.result.close()
            resolve()
          }
        }
      }),
    hwid,
  )

const sdkVersion = page =>
  page.evaluate(
    () =>
      new Promise(resolve => {
        const open = indexedDB.open('PUSHWOOSH_SDK_STORE')
        open.onsuccess = () => {
          resolve(open.result.version)
          open.result.close()
        }
      }),
  )

scenario(`hwid: 'sdk' takes the one of the vendor's SDK, where there is one`, {}, async stage => {
  const { browser, api, site } = stage
  const init = { ...stage.options, hwid: 'sdk' }
  const by = () => Object.fromEntries(taken(api).map(({ event, hwid }) => [event, hwid]))
  const page = await browser.open(stubPage(stage, `pw('event', 'None')`, { init }))
  await expectExactlyOnce(api, ['None'], { settle: 0 })
  assert.match(by().None, HWID)
  const names = await page.evaluate(async () =>
    (await indexedDB.databases()).map(({ name }) => name),
  )
  assert.ok(!names.includes('PUSHWOOSH_SDK_STORE'))
  // The SDK has its database, but no HWID yet.
  await page.goto(site.page())
  await makeSdkStore(page, null)
  await page.goto(stubPage(stage, `pw('event', 'Empty')`, { init }))
  await expectExactlyOnce(api, ['None', 'Empty'], { settle: 0 })
  assert.equal(by().Empty, by().None)
  await makeSdkStore(page, 'AAAAA-BBBBB_8f65b16d')
  await page.goto(stubPage(stage, `pw('event', 'Sdk')`, { init }))
  await expectExactlyOnce(api, ['None', 'Empty', 'Sdk'], { settle: 0 })
  assert.equal(by().Sdk, 'AAAAA-BBBBB_8f65b16d')
  assert.equal(await sdkVersion(page), 7)
  // It is kept like a generated one.
  await until(async () => (await stored(page)).includes('AAAAA-BBBBB_8f65b16d'))
})

scenario(`hwid: 'sdk' is left before the SDK's database has answered`, {}, async stage => {
  const { browser, api, site } = stage
  const init = { ...stage.options, hwid: 'sdk' }
  const hang = `<script>
    var open = IDBFactory.prototype.open
    IDBFactory.prototype.open = function (name) {
      return /SDK/.test(name) ? {} : open.apply(this, arguments)
    }
  </script>`
  const page = await browser.open(stubPage(stage, '', { init, head: hang }))
  await loaded(page)
  await page.evaluate(
    to => {
      pw('event', 'Left')
      location.href = to
    },
    site.page({ next: 1 }),
  )
  await page.waitFor(() => location.search.includes('next'))
  await page.goto(stubPage(stage, `pw('event', 'Hangs')`, { init, head: hang }))
  await expectExactlyOnce(api, ['Left', 'Hangs'])
})

scenario('a user id is a string, whatever it was', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage))
  await loaded(page)
  const given = ['007', 7, '7.10', 0, ' x ', 'Пользователь']
  for (const [index, userId] of given.entries()) {
    await page.evaluate(id => void pw('register', id), userId)
    await until(() => users(api).length === index + 1)
  }
  assert.deepEqual(users(api), ['007', '7', '7.10', '0', ' x ', 'Пользователь'])
})

scenario('a registration is sent again only if something in it has changed', {}, async stage => {
  const { browser, api } = stage
  const init = { ...stage.options, userId: 'u' }
  const page = await browser.open(stubPage(stage, '', { init }))
  await until(() => users(api).length === 1)
  await loaded(page)
  assert.equal(await flush(page), true)
  await page.evaluate(`void (pw('register', 'u'), pw('register', 'u'))`)
  await page.goto(stubPage(stage, `pw('register', 'u'); pw('event', 'A')`, { init }))
  await expectExactlyOnce(api, ['A'], { settle: 300 })
  assert.deepEqual(users(api), ['u'])
  // A changed device type is something else in it.
  await page.goto(stubPage(stage, '', { init: { ...init, deviceType: 1 } }))
  await until(() => users(api).length === 2)
  await page.goto(stubPage(stage, '', { init: { ...init, deviceType: 1, userId: 'v' } }))
  await until(() => users(api).length === 3)
  assert.deepEqual(users(api), ['u', 'u', 'v'])
})

scenario('a refused registration is sent again at the next call', {}, async stage => {
  const { browser, api } = stage
  api.behave({ statusCode: 210, times: 1 })
  const page = await browser.open(stubPage(stage))
  await loaded(page)
  // The preflight is no request.
  api.behave(({ method }) => method === 'registerUser' && { statusCode: 210 })
  await page.evaluate(`void pw('register', 'u')`)
  await until(() => asked(api, 'registerUser').length === 1)
  assert.equal(await flush(page), true)
  api.behave()
  await page.evaluate(`void pw('register', 'u')`)
  await until(() => users(api).length === 1)
})

scenario(
  'a registration is sent again in another time zone',
  { engines: ['chromium'] },
  async stage => {
    const { browser, api } = stage
    const page = await browser.open(stage.site.page())
    const zone = timezoneId => page.cdp.send('Emulation.setTimezoneOverride', { timezoneId })
    const init = { ...stage.options, userId: 'u' }
    await zone('Asia/Kathmandu')
    await page.goto(stubPage(stage, '', { init }))
    await until(() => users(api).length === 1)
    await loaded(page)
    assert.equal(await flush(page), true)
    await zone('America/St_Johns')
    await page.evaluate(`void (pw('register', 'u'), pw('event', 'Moved'))`)
    await until(() => users(api).length === 2)
    const [first, second] = taken(api, 'registerUser').map(request => request.tz_offset)
    assert.equal(first, 20_700)
    assert.ok([-12_600, -9_000].includes(second), String(second))
    await until(() => taken(api).length === 1)
    const [{ timestampUTC, timestampCurrent }] = taken(api)
    assert.equal(timestampCurrent - timestampUTC, second)
  },
)

scenario('a reset registers the device under its HWID, once', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('reset'); pw('event', 'Nobody')`))
  await expectExactlyOnce(api, ['Nobody'], { settle: 200 })
  assert.deepEqual(users(api), [])
  const steps = [
    [`pw('register', 'u')`, ['u']],
    [`pw('reset')`, ['u', null]],
    [`pw('reset')`, ['u', null]],
    [`pw('register')`, ['u', null]],
    [`pw('register', null)`, ['u', null]],
    [`pw('register', 'v')`, ['u', null, 'v']],
    [`pw('register')`, ['u', null, 'v', null]],
  ]
  for (const [call, expected] of steps) {
    await page.evaluate(`void ${call}`)
    await until(() => users(api).length >= expected.length)
    assert.equal(await flush(page), true)
    assert.deepEqual(users(api), expected, call)
  }
})

scenario('events carry the user of their call, on later pages too', {}, async stage => {
  const { browser, api } = stage
  const script = `pw('event', '1'); pw('register', 'u'); pw('event', '2'); pw('register', 'v'); pw('event', '3')`
  const page = await browser.open(stubPage(stage, script))
  await expectExactlyOnce(api, ['1', '2', '3'], { settle: 0 })
  await loaded(page)
  assert.equal(await flush(page), true)
  await page.goto(stubPage(stage, `pw('event', '4'); pw('reset'); pw('event', '5')`))
  await expectExactlyOnce(api, ['1', '2', '3', '4', '5'], { settle: 0 })
  const by = Object.fromEntries(taken(api).map(({ event, userId }) => [event, userId]))
  assert.deepEqual(by, { 1: undefined, 2: 'u', 3: 'v', 4: 'v', 5: undefined })
})

scenario('a user who logs in in one tab is known in the other', {}, async stage => {
  const { browser, api } = stage
  const one = await browser.open(stubPage(stage))
  const two = await browser.open(stubPage(stage))
  await loaded(one)
  await loaded(two)
  await state(one)
  await state(two)
  await one.evaluate(`void pw('register', 'u')`)
  await until(async () => (await state(two)).userId === 'u')
  await two.evaluate(`void pw('event', 'A')`)
  await expectExactlyOnce(api, ['A'], { settle: 0 })
  assert.equal(taken(api)[0].userId, 'u')
})

scenario('a log-in that undoes that of another tab is registered', {}, async stage => {
  const { browser, api } = stage
  const one = await browser.open(stubPage(stage))
  const two = await browser.open(stubPage(stage))
  for (const page of [one, two]) await loaded(page)
  const steps = [
    [one, `pw('register', 'u')`, 'u'],
    [two, `pw('reset')`, null],
    [one, `pw('register', 'u')`, 'u'],
  ]
  for (const [i, [page, call, user]] of steps.entries()) {
    await page.evaluate(`void ${call}`)
    await until(() => users(api).length > i)
    await until(async () => (await state(page === one ? two : one)).userId === user)
  }
  assert.deepEqual(users(api), ['u', null, 'u'])
})

// Nobody awaits the first of them any more, which is held up on its way.
scenario('a log-in does not overtake that of a page just left', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage))
  await loaded(page)
  await state(page)
  api.behave({ preflightDelayMs: 800, times: 1, maxAge: 0 })
  await page.evaluate(
    to => {
      pw('register', 'a')
      location.href = to
    },
    stubPage(stage, `pw('register', 'b'), pw('event', 'A')`),
  )
  await until(() => users(api).includes('b'))
  await until(() => users(api).includes('a'), { timeout: 1_500 }).catch(() => {})
  assert.deepEqual(users(api), ['a', 'b'])
})

scenario('a page that comes back knows who has logged in since', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('register', 'a')`))
  await loaded(page)
  assert.equal(await flush(page), true)
  await page.goto(stubPage(stage, `pw('register', 'b')`))
  await loaded(page)
  assert.equal(await flush(page), true)
  await page.back()
  await loaded(page)
  await page.evaluate(`void pw('event', 'Back')`)
  await until(() => taken(api).length)
  // Where it was not kept, its script has run again.
  const kept = users(api).length === 2
  assert.equal(taken(api)[0].userId, kept ? 'b' : 'a')
  stage.t.diagnostic(kept ? 'kept' : 'loaded again')
})

const onLoad = call =>
  `<script>document.addEventListener('load', function (event) { ${call} }, true)</script>`

scenario('who was registered through the stub is known as pw.js arrives', {}, async stage => {
  const { browser, api } = stage
  // The load of the script comes before anything else can.
  const head = onLoad(`if (/pw.js/.test(event.target.src)) pw('event', 'Loaded')`)
  const src = '/pw.js?delay=300'
  const page = await browser.open(stubPage(stage, `pw('register', 'a')`, { head, src }))
  await until(() => taken(api).length === 1)
  await page.goto(stubPage(stage, `pw('reset')`, { head, src }))
  await until(() => taken(api).length === 2)
  assert.deepEqual(
    taken(api).map(({ userId }) => userId),
    ['a', undefined],
  )
})

scenario('a log-in is not lost with a page that left as it took it over', {}, async stage => {
  const { browser, site, api } = stage
  const page = await browser.open(stubPage(stage, `pw('event', '1'); pw('event', '2')`))
  await expectExactlyOnce(api, ['1', '2'], { settle: 0 })
  assert.equal(await flush(page), true)
  const other = await browser.open(stubPage(stage, `pw('register', 'u')`, { src: '/none.js' }))
  await other.goto(site.page())
  await page.evaluate(() => {
    // It waits for this before it begins a transaction.
    navigator.locks.request = () => new Promise(() => {})
    pw('flush')
  })
  await page.goto(stubPage(stage, `pw('event', '3')`))
  await expectExactlyOnce(api, ['1', '2', '3'], { settle: 0 })
  await until(() => users(api).length)
  assert.deepEqual(users(api), ['u'])
})

// Firefox keeps no such page.
const KEEPERS = { engines: ['chromium', 'webkit'] }
scenario('a log-in is not lost where its page comes back from the cache', KEEPERS, async stage => {
  const { browser, other, api } = stage
  // It has not got through the door of the outbox as it leaves.
  const head = `<script>(function () {
    var query = LockManager.prototype.query
    LockManager.prototype.query = function () {
      return window.back ? query.call(this) : new Promise(function () {})
    }
    addEventListener('pageshow', function (event) { if (event.persisted) window.back = true })
  })()</script>`
  const page = await browser.open(
    stubPage(stage, `pw('register', 'u'); pw('event', 'A')`, { head }),
  )
  await loaded(page)
  await page.waitFor(() => localStorage['pw-tag.identity']?.includes('"u"'))
  await page.goto(other.page())
  await page.back()
  await page.waitFor('window.back')
  await expectExactlyOnce(api, ['A'], { settle: 0 })
  await until(() => users(api).length)
  assert.deepEqual(users(api), ['u'])
})

// The older one is tried again half a second after the error, and found to be superseded.
scenario('a log-in is registered though the one before it met a network error', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`))
  await expectExactlyOnce(api, ['A'], { settle: 300 })
  api.behave({ drop: true, times: 1 })
  await page.evaluate(`void (pw('register', 'old'), pw('register', 'new'))`)
  await until(() => users(api).length)
  assert.deepEqual(users(api), ['new'])
})

scenario('two log-ins during an outage hold nothing up when it is over', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(stubPage(stage, `pw('event', 'A')`))
  await expectExactlyOnce(api, ['A'], { settle: 300 })
  api.behave({ drop: true })
  await page.evaluate(`void (pw('register', 'old'), pw('register', 'new'), pw('event', 'B'))`)
  await page.evaluate(
    () =>
      new Promise(done => {
        pw('on', 'dropped', ({ reason }) => reason === 'superseded' && done())
      }),
  )
  await page.waitFor(() => localStorage['pw-tag.down'])
  api.behave()
  assert.equal(await flush(page), true)
  await expectExactlyOnce(api, ['A', 'B'], { settle: 0 })
  assert.deepEqual(users(api), ['new'])
})

for (const [call, user] of [
  [`pw('register', 'b')`, 'b'],
  [`pw('reset')`, null],
]) {
  scenario(`init({ userId }) and ${call} in one millisecond, before pw.js`, {}, async stage => {
    const { browser, api } = stage
    const init = { ...stage.options, userId: 'a' }
    const head = `<script>(function () {
      var now = Date.now(), Original = Date
      Date = new Proxy(Date, { construct: function (target, args) {
        return args.length || window.pw && pw.v ? Reflect.construct(Original, args) : new Original(now)
      } })
    })()</script>`
    const src = '/pw.js?delay=300'
    const page = await browser.open(
      stubPage(stage, `${call}; pw('event', 'A')`, { init, head, src }),
    )
    await loaded(page)
    await expectExactlyOnce(api, ['A'], { settle: 0 })
    assert.equal(await flush(page), true)
    await page.evaluate(`void pw('event', 'B')`)
    await expectExactlyOnce(api, ['A', 'B'], { settle: 0 })
    assert.deepEqual(
      taken(api).map(({ userId }) => userId ?? null),
      [user, user],
    )
    assert.equal((await state(page)).userId, user)
    assert.equal(users(api).at(-1), user)
  })
}

scenario('what a page has left behind keeps its user, whoever comes next', {}, async stage => {
  const { browser, api, options } = stage
  const slow = { src: '/pw.js?delay=9000' }
  const early = { until: 'domcontentloaded' }
  const page = await browser.open(stubPage(stage, `pw('event', 'Nobody')`, slow), early)
  const init = userId => ({ init: { ...options, userId } })
  await page.goto(stubPage(stage, `pw('event', 'A')`, { ...slow, ...init('a') }), early)
  await page.goto(stubPage(stage, `pw('event', 'B')`, init('b')))
  await expectExactlyOnce(api, ['Nobody', 'A', 'B'], { settle: 0 })
  const by = Object.fromEntries(taken(api).map(({ event, userId }) => [event, userId]))
  assert.deepEqual(by, { Nobody: undefined, A: 'a', B: 'b' })
})

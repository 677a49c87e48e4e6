// Events called while a page is being left: SPEC 5.1 and 5.5.
import { setTimeout as sleep } from 'node:timers/promises'
import { counts, scenario, until } from '../support/scenario.mjs'
import { createSite } from '../support/site.mjs'
import { callAll, expectAll, flushed, names, openTagged, running, tagged } from './delivery.mjs'

const isAt = url => location.href === url && document.readyState === 'complete'

const callAndGo = (name, url) => {
  pw('event', name)
  location.href = url
}

const callAllAndGo = (many, url) => {
  for (const name of many) pw('event', name)
  location.href = url
}

// Calls when `pagehide` has been through the tag, which was there first.
const callAtPagehide = (name, url) => {
  addEventListener('pagehide', () => pw('event', name))
  location.href = url
}

// To another site, Chromium runs `pagehide` when the next page is there already: a tab that is closed at once takes it along.
const arrives = ({ api }, name) => until(() => counts(api)[name], { timeout: 3000 }).catch(() => {})

/** Whether the API has been asked to take an event, even if it has not answered yet. */
const isAsked =
  ({ api }) =>
  name =>
    api.requests.some(({ request }) => request.event === name)

async function leaveBy(leave, stage, name, url) {
  const page = await openTagged(stage, { name })
  await page.evaluate(leave, name, url)
  await page.waitFor(isAt, url)
  // What doesn't arrive is told at the end.
  if (leave === callAtPagehide) await arrives(stage, name)
  await page.close()
}

async function clickLink(stage, name, url) {
  const body = `<a href="${url}" onclick="pw('register', '${name}'), pw('event', '${name}')">Go</a>`
  const page = await openTagged(stage, { name, body })
  await page.click('a')
  await page.waitFor(isAt, url)
  await page.close()
}

// A page that closes itself so many ms after the tag has come to rest: in a click, where the tag puts off what it does, or
// without.
const closing = (name, ms, click) => `<script>setTimeout(function go() {
  if (!window.pw || !pw.v) return setTimeout(go, 10)
  function close() { pw('event', '${name}'); window.close() }
  pw('get', function () {
    setTimeout(${click ? 'function () { document.body.onclick = close; document.body.click() }' : 'close'}, ${ms})
  })
}, 10)</script>`

async function closeItself(stage, name, head, opener) {
  await opener.evaluate(to => void (window.next = to), tagged(stage, { head }))
  await opener.click('button')
  await arrives(stage, name)
}

/** Each takes a name for the event it calls, the number of the round, and a page that stays, in front at first. */
const WAYS = {
  toSameSite: (stage, name) => leaveBy(callAndGo, stage, name, tagged(stage, { to: name })),
  toOtherSite: (stage, name) => leaveBy(callAndGo, stage, name, stage.other.page({ to: name })),
  atPagehide: (stage, name) => leaveBy(callAtPagehide, stage, name, stage.other.page({ to: name })),
  byLink: (stage, name) => clickLink(stage, name, tagged(stage, { to: name })),
  byLinkToOtherSite: (stage, name) => clickLink(stage, name, stage.other.page({ to: name })),
  reload: async (stage, name) => {
    const page = await openTagged(stage, { name })
    await callAll(page, [name])
    await page.reload()
    await running(page)
    await page.close()
  },
  closeTab: async (stage, name) => {
    const page = await openTagged(stage, { name })
    await callAll(page, [name])
    await page.close()
  },
  closeItself: (stage, name, round, opener) =>
    closeItself(stage, name, closing(name, round * 30, false), opener),
  closeInClick: (stage, name, round, opener) =>
    closeItself(stage, name, closing(name, round * 30, true), opener),
}

for (const [how, behaviour] of [
  ['answers at once', undefined],
  ['is slow, with cold preflights', { delayMs: 300, preflightDelayMs: 300, maxAge: 0 }],
]) {
  scenario(`leaves in every way while the API ${how}`, {}, async stage => {
    stage.api.behave(behaviour)
    const body = `<button onclick="window.open(next, '_blank')">Open</button>`
    const stays = await openTagged(stage, { body })
    const called = []
    for (let round = 1; round <= (stage.engine === 'chromium' ? 2 : 1); round++) {
      for (const [way, leave] of Object.entries(WAYS)) {
        called.push(`${way}-${round}`)
        await leave(stage, called.at(-1), round, stays)
      }
    }
    await stays.reload()
    await running(stays)
    await expectAll(stage, called)
  })
}

// WebKit tells such a page nothing of its end.
scenario('a link is followed while its page is still loading', {}, async stage => {
  const called = []
  for (const [name, to] of [
    ['Same', tagged(stage, { to: 1 })],
    ['Other', stage.other.page()],
  ]) {
    called.push(name)
    const body = `<a href="${to.replaceAll('"', '&quot;')}" data-pw-event="${name}">Go</a><img src="/page?delay=20000">`
    const page = await stage.browser.open(tagged(stage, { body }), { until: 'domcontentloaded' })
    await running(page)
    await flushed(page)
    await page.click('a')
    await page.waitFor(isAt, to)
    await page.close()
  }
  await openTagged(stage)
  await expectAll(stage, called)
})

// As soon as such a page is to be left, WebKit ends what it loads, without an answer, and tells it nothing: neither then nor
// when the next page has come, which may take longer than a request goes unanswered before it is stored.
scenario(
  'is left while it is still loading, for a page that is long in coming',
  {},
  async stage => {
    const slow = '<img src="/page?delay=20000">'
    const all = []
    const visit = async (delayMs, { stub = [], before = [], inTask = [] }) => {
      const name = `Slow-${delayMs}-${all.length}`
      const [first, second, last] = [stub, before, inTask].map(called =>
        called.map(which => `${name}-${which}`),
      )
      all.push(...first, ...second, ...last)
      stage.api.behave({ delayMs })
      const body = `<script>${first.map(called => `pw('event', '${called}')`).join(';')}</script>${slow}`
      const page = await stage.browser.open(tagged(stage, { body }), { until: 'domcontentloaded' })
      await running(page)
      await callAll(page, second)
      await until(() => [...first, ...second].every(isAsked(stage)))
      await page.leaveBy(callAllAndGo, [last, stage.other.page({ delay: 1500 })])
      await page.close()
    }
    for (const delayMs of [0, 300]) {
      await visit(delayMs, { stub: ['a', 'b'] })
      await visit(delayMs, { before: ['a', 'b'] })
      await visit(delayMs, { inTask: names('n', 40) })
    }
    stage.api.behave()
    const page = await openTagged(stage)
    await flushed(page)
    await expectAll(stage, all)
  },
)

// An event that WebKit had sent before it ended what the page loads, was without an answer for so long that it was sent again.
scenario('is left for a page that is long in coming', {}, async stage => {
  const { api, other } = stage
  const addressOf = name => other.page({ delay: 2500, name })
  const link = name => `<a href="${addressOf(name)}" data-pw-event="${name}">Go</a>`
  const called = []
  for (const [name, body, go] of [
    ['InTask', '', (page, name) => page.evaluate(callAndGo, name, addressOf(name))],
    ['ByLink', link('ByLink'), page => page.click('a')],
  ]) {
    called.push(name)
    const page = await openTagged(stage, { body })
    await go(page, name)
    await page.waitFor(isAt, addressOf(name))
    await page.close()
  }
  const page = await openTagged(stage)
  await flushed(page)
  // On a busy machine WebKit may take longer to leave than the tag waits: the request is under way already then.
  const mayDouble = name => {
    const { at } = api.requests.find(({ request }) => request.event === name)
    return stage.engine === 'webkit' && at < other.askedAt(addressOf(name))
  }
  await expectAll(stage, called, { mayDouble })
})

// Firefox ends a script of such a page, once: every other event was lost.
scenario('calls as the last tab of its site is closed', {}, async stage => {
  await stage.browser.open(stage.other.page())
  const called = names('Closing', 12)
  for (const [i, name] of called.entries()) {
    const script = `addEventListener('pagehide', function () { pw('event', '${name}') })`
    // There before the tag, or after it.
    const head = `<script>${script}</script>`
    const page = await openTagged(stage, i % 2 ? { head } : { name })
    if (!(i % 2)) await page.evaluate(script)
    await page.close({ abrupt: i % 4 > 1 })
    await arrives(stage, name)
  }
  await openTagged(stage)
  await expectAll(stage, called)
})

// Such a page is the only one of its site, so that what it does when it is closed ends with its process: nothing comes out of
// Chromium's `pagehide` then, neither a request nor what is written into localStorage.
scenario('closes itself on a first visit', {}, async stage => {
  const { site, other, browser, t } = stage
  const opener = await browser.open(
    other.page({ body: `<button onclick="window.open(next, '_blank')">Open</button>` }),
  )
  const called = []
  for (const way of ['Started', 'Clicked']) {
    for (let n = 1; n <= 2; n++) {
      const name = `${way}-${n}`
      called.push(name)
      const fresh = called.length === 1 ? site : await createSite()
      t.after(fresh.close)
      // In the first instant in which the tag is there.
      const head = `<script>(function go() {
        if (!window.pw || !pw.v) return setTimeout(go)
        function close() { pw('event', '${name}'); window.close() }
        if ('${way}' === 'Started') return close()
        document.documentElement.onclick = close
        document.documentElement.click()
      })()</script>`
      await closeItself({ ...stage, site: fresh }, name, head, opener)
    }
  }
  await expectAll(stage, called)
})

scenario('goes from page to page in one tab', {}, async stage => {
  const called = []
  const page = await openTagged(stage, { n: 0 })
  for (let n = 1; n <= 8; n++) {
    called.push(`Step-${n}`)
    const next = tagged(stage, { n })
    await page.evaluate(callAndGo, called.at(-1), next)
    await page.waitFor(isAt, next)
    // Every other time the tag has not come to rest yet.
    if (n % 2) await running(page)
  }
  await running(page)
  await expectAll(stage, called)
})

scenario('is left with requests in flight', {}, async stage => {
  const called = []
  const leaveAfter = async (delayMs, wait, to) => {
    called.push(`Flight-${delayMs}-${wait}-${called.length}`)
    const page = await openTagged(stage, { n: called.length })
    await callAll(page, called.slice(-1))
    await sleep(wait)
    await page.evaluate(url => void (location.href = url), to)
    await page.waitFor(isAt, to)
    await page.close()
  }
  for (const [delayMs, ...waits] of [
    [300, 100],
    [1500, 0, 400, 1300],
  ]) {
    stage.api.behave({ delayMs })
    for (const [i, wait] of waits.entries()) {
      await leaveAfter(delayMs, wait, i % 2 ? tagged(stage) : stage.other.page())
    }
  }
  await openTagged(stage)
  await expectAll(stage, called, { settle: 1500 })
})

scenario('comes back out of the back/forward cache', {}, async stage => {
  const head = `<script>addEventListener('pageshow', function (event) {
    window.returns = (window.returns || 0) + event.persisted
  })</script>`
  const called = ['First']
  const page = await openTagged(stage, { head })
  await callAll(page, ['First'])
  for (const [i, delayMs] of [0, 400].entries()) {
    stage.api.behave({ delayMs })
    called.push(`Leaving-${i}`, `Back-${i}`)
    await page.evaluate(callAndGo, `Leaving-${i}`, stage.other.page())
    await page.waitFor(isAt, stage.other.page())
    await page.back()
    await callAll(page, [`Back-${i}`])
    // Firefox may be asked before it says that the page is back.
    await page.waitFor(n => window.returns === n, i + 1)
  }
  await expectAll(stage, called)
})

// Events called while a page is being left: SPEC 5.1 and 5.5.
import { setTimeout as sleep } from 'node:timers/promises'
import { scenario } from '../support/scenario.mjs'
import { expectAll, names, openTagged, running, tagged } from './delivery.mjs'

const callAndGo = (name, url) => {
  pw('event', name)
  location.href = url
}
const isAt = url => location.href === url && document.readyState === 'complete'

scenario('navigates to the same site in the same tick', {}, async stage => {
  const events = names('Same', 20)
  const page = await openTagged(stage, { n: 0 })
  for (const [i, name] of events.entries()) {
    const next = tagged(stage, { n: i + 1 })
    await page.evaluate(callAndGo, name, next)
    await page.waitFor(isAt, next)
    // Every other time the tag has not come to rest yet.
    if (i % 2) await running(page)
  }
  await expectAll(stage, events)
})

scenario('navigates to another site in the same tick', {}, async stage => {
  const events = names('Cross', 10)
  for (const [i, name] of events.entries()) {
    const page = await openTagged(stage, { n: i })
    await page.evaluate(callAndGo, name, stage.other.page())
    await page.waitFor(isAt, stage.other.page())
    await page.close()
  }
  await openTagged(stage)
  await expectAll(stage, events)
})

for (const how of ['answers at once', 'is slow, with cold preflights']) {
  scenario(`follows a link to another site while the API ${how}`, {}, async stage => {
    if (how !== 'answers at once')
      stage.api.behave({ delayMs: 300, preflightDelayMs: 300, maxAge: 0 })
    const events = names('Click', 10)
    const url = stage.other.page()
    for (const [i, name] of events.entries()) {
      const body = `<a href="${url}" onclick="pw('register', 'u${i}'), pw('event', '${name}')">Go</a>`
      const page = await openTagged(stage, { n: i, body })
      await page.click('a')
      await page.waitFor(isAt, url)
      await page.close()
    }
    await openTagged(stage)
    await expectAll(stage, events)
  })

  scenario(`follows a link to the same site while the API ${how}`, {}, async stage => {
    if (how !== 'answers at once')
      stage.api.behave({ delayMs: 300, preflightDelayMs: 300, maxAge: 0 })
    const events = names('Click', 10)
    const body = i => `<a href="#" onclick="pw('event', 'Click-${i}'); this.href = next" >Go</a>`
    const page = await openTagged(stage, { n: 1, body: body(1) })
    for (const i of events.keys()) {
      const next = tagged(stage, { n: i + 2, body: body(i + 2) })
      await page.evaluate(url => void (window.next = url), next)
      await page.click('a')
      await page.waitFor(isAt, next)
      await running(page)
    }
    await expectAll(stage, events)
  })
}

scenario('is closed right after the call', {}, async stage => {
  const events = names('Close', 10)
  await openTagged(stage)
  for (const name of events) {
    const page = await openTagged(stage)
    await page.evaluate(event => pw('event', event), name)
    await page.close()
  }
  await openTagged(stage)
  await expectAll(stage, events)
})

scenario('closes itself in the tick of the call', {}, async stage => {
  const events = names('Self', 10)
  const opener = await openTagged(stage)
  for (const [i, name] of events.entries()) {
    const url = tagged(stage, {
      n: i,
      head: `<script>addEventListener('load', () => setTimeout(function go() {
        if (!window.pw || !pw.v) return setTimeout(go, 10)
        pw('get', function () { setTimeout(function () { pw('event', '${name}'); window.close() }, ${i * 20}) })
      }, 10))</script>`,
    })
    await opener.evaluate(to => void window.open(to, '_blank'), url)
    await sleep(600)
  }
  await expectAll(stage, events)
})

scenario('reloads', {}, async stage => {
  const events = names('Reload', 10)
  const page = await openTagged(stage)
  for (const name of events) {
    await page.evaluate(event => {
      pw('event', event)
    }, name)
    await page.reload()
    await running(page)
  }
  await expectAll(stage, events)
})

scenario('is left with requests in flight', {}, async stage => {
  const events = []
  for (const delayMs of [300, 1500]) {
    stage.api.behave({ delayMs })
    for (const to of [stage.other.page(), tagged(stage)]) {
      for (const wait of [0, 100, 400, 900, 1300]) {
        const name = `Flight-${events.length}`
        events.push(name)
        const page = await openTagged(stage, { n: events.length })
        await page.evaluate(event => pw('event', event), name)
        await sleep(wait)
        await page.evaluate(url => void (location.href = url), to)
        await page.waitFor(isAt, to)
        await page.close()
      }
    }
  }
  await openTagged(stage)
  await expectAll(stage, events, { settle: 3000 })
})

// Several tabs at once: SPEC 5.4 and 5.5.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { counts, scenario, until } from '../support/scenario.mjs'
import { callAll, expectAll, flushed, leaveBacklog, names, openTagged, tally } from './delivery.mjs'

const arrived = ({ api }) => Object.keys(counts(api)).length

/** Starts `n` tabs while a backlog of `called` waits, and lets the API come back. */
async function openOver(stage, called, n) {
  const first = await leaveBacklog(stage, called)
  const tabs = [first]
  while (tabs.length < n) tabs.push(await openTagged(stage, { tab: tabs.length }))
  return tabs
}

scenario('five tabs share a backlog', {}, async stage => {
  const { api } = stage
  const old = names('Backlog', 200)
  const tabs = await openOver(stage, old, 5)
  api.behave({ delayMs: 50 })
  await api.listen()
  const done = tabs.map(tab => flushed(tab))
  const live = tabs.map((_, i) => names(`Tab${i}`, 3))
  await Promise.all(tabs.map((tab, i) => callAll(tab, live[i])))
  await expectAll(stage, [...old, ...live.flat()], { timeout: 30_000 })
  assert.deepEqual(await Promise.all(done), Array(5).fill(true))
})

scenario('tabs come and go over a backlog', {}, async stage => {
  const { api } = stage
  const old = names('Backlog', 60)
  const [first] = await openOver(stage, old, 1)
  // So slow that tabs open while the first one tries.
  api.behave({ delayMs: 300 })
  await api.listen()
  const done = flushed(first)
  const live = names('Live', 3)
  for (const [i, name] of live.entries()) {
    const tab = await openTagged(stage, { tab: i })
    await callAll(tab, [name])
    await tab.close()
  }
  await expectAll(stage, [...old, ...live], { timeout: 30_000 })
  assert.equal(await done, true)
})

scenario('a tab crashes in the middle of a backlog', { engines: ['chromium'] }, async stage => {
  const { api } = stage
  const old = names('Backlog', 120)
  const tabs = await openOver(stage, old, 3)
  api.behave({ delayMs: 200 })
  await api.listen()
  for (const tab of tabs) flushed(tab).catch(() => {})
  await until(() => arrived(stage) >= 30)
  await tabs[1].crash()
  // Of what the tab had under way nobody knows what became; it was six at the most.
  await expectAll(stage, old, { timeout: 30_000, mayDouble: () => true })
  const { doubled } = tally(api, old)
  assert.ok(doubled.length <= 6, `${doubled}`)
})

scenario('a tab is frozen in the middle of a backlog', { engines: ['chromium'] }, async stage => {
  const { api } = stage
  const old = names('Backlog', 40)
  const tabs = await openOver(stage, old, 2)
  api.behave({ delayMs: 1_000 })
  await api.listen()
  for (const tab of tabs) flushed(tab).catch(() => {})
  await until(() => arrived(stage) >= 12)
  await callAll(tabs[0], ['Before'])
  // By itself Chromium freezes no page that has a transaction under way: one that others wait for would stop them too.
  await sleep(500)
  await tabs[0].freeze()
  await callAll(tabs[1], ['Meanwhile'])
  const ofOther = [...old.slice(0, 34), 'Before', 'Meanwhile']
  await until(() => arrived(stage) >= ofOther.length)
  await tabs[0].resume()
  await expectAll(stage, [...old, 'Before', 'Meanwhile'], { timeout: 30_000 })
})

scenario('a tab in the background calls, and is closed', {}, async stage => {
  const back = await openTagged(stage, { tab: 'back' })
  const front = await openTagged(stage, { tab: 'front' })
  await front.show()
  const [timed, last, there] = [names('Timed', 3), names('Last', 3), names('Front', 3)]
  await back.evaluate(list => {
    // Such a tab's timers run once a second.
    setTimeout(function next() {
      pw('event', list.shift())
      if (list.length) setTimeout(next, 20)
      else window.over = true
    }, 20)
  }, timed)
  await callAll(front, there)
  await back.waitFor('window.over')
  await callAll(back, last)
  await back.close()
  const called = [...timed, ...last, ...there]
  await until(() => !tally(stage.api, called).lost.length)
  // Anything that it had left behind would go now.
  assert.equal(await flushed(front), true)
  await expectAll(stage, called)
})

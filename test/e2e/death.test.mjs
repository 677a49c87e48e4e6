// The whole browser is killed, and comes back with its profile: SPEC 5, at the end.
import { setTimeout as sleep } from 'node:timers/promises'
import { counts, scenario, until } from '../support/scenario.mjs'
import { callAll, expectAll, leaveBacklog, names, openTagged } from './delivery.mjs'

/** For so long a call's page has to live. */
const SAVED_MS = 2_000

const opening = async stage => {
  stage.browser = await stage.relaunch()
}

scenario('is killed two seconds after the calls', { kept: true, timeout: 180_000 }, async stage => {
  const { api } = stage
  const called = []
  const callAndKill = async (prefix, n) => {
    const list = names(prefix, n)
    called.push(...list)
    await callAll(await openTagged(stage), list)
    await sleep(SAVED_MS)
    await stage.browser.kill()
    await opening(stage)
  }
  api.behave({ hang: true })
  await callAndKill('Hangs', 15)
  await api.stop()
  await callAndKill('Away', 15)
  api.behave()
  await api.listen()
  await openTagged(stage)
  // None of these took a request.
  await expectAll(stage, called, { timeout: 30_000 })
})

scenario('is killed while it sends a backlog', { kept: true, timeout: 180_000 }, async stage => {
  const { api } = stage
  const called = names('Backlog', 80)
  await leaveBacklog(stage, called)
  api.behave({ delayMs: 150 })
  await api.listen()
  const recent = new Set()
  // Alone: WebKitGTK's other processes then end in an orderly way, which lets pages leave, and takes with it what waits for a
  // connection.
  for (const [share, alone] of [
    [20, true],
    [50, false],
  ]) {
    // Two of them, and at first the one that has left the backlog.
    for (const tab of ['1', '2']) await openTagged(stage, { tab })
    await until(() => Object.keys(counts(api)).length >= share)
    const killed = Date.now()
    await stage.browser.kill({ alone })
    await opening(stage)
    // In flight then, even if the API came to it later; or answered too late for the answer to be noted down.
    for (const { at, request } of api.accepted('postEvent')) {
      if (at > killed - 1_000) recent.add(request.event)
    }
  }
  await openTagged(stage)
  await expectAll(stage, called, { timeout: 40_000, mayDouble: name => recent.has(name) })
})

// What WebKit may let go without a word is not stored, until the page has loaded.
scenario(
  'is killed two seconds after a page has loaded that had calls in it',
  { kept: true, timeout: 180_000 },
  async stage => {
    const { api } = stage
    const called = names('Early', 5)
    api.behave({ hang: true })
    const script = called.map(name => `pw('event', '${name}')`).join(';')
    await openTagged(stage, { body: `<script>${script}</script><img src="/page?delay=600">` })
    await until(() => api.requests.length >= called.length)
    await sleep(SAVED_MS)
    await stage.browser.kill()
    api.behave()
    await opening(stage)
    await openTagged(stage)
    // None of these took a request.
    await expectAll(stage, called, { timeout: 30_000 })
  },
)

// Measures what is known beforehand, as everything else is measured: `node bench/verify.mjs`.
import assert from 'node:assert/strict'
import { measureClick } from './measure/click.mjs'
import { drainByFetch } from './measure/drain.mjs'
import { heapLeft } from './measure/heap.mjs'
import { measureLatency } from './measure/latency.mjs'
import { burstTasks } from './measure/tasks.mjs'
import { figuresOf } from './outage/figures.mjs'
import { liveHerd } from './outage/herd.mjs'
import { alternate } from './support/alternate.mjs'
import { onFreshPage, withStage } from './support/stage.mjs'

/** What pages/send.js waits, in ms. */
const WAIT = 5

const near = (what, measured, known, tolerance) => {
  console.log(`${what}: ${measured.toFixed(2)}, known ${known}`)
  assert.ok(Math.abs(measured - known) <= tolerance, what)
}

const well = figuresOf(await liveHerd({ kind: 'ok', visitors: 5_000, seed: 1 }))
near('requests when the API is never away, against before', well.away / well.normal, 1, 0.05)
near(
  'of them in the worst minute of the half hour after',
  well.afterMinute.rate / well.normal,
  1,
  0.3,
)
near('events that wait then', well.waiting, 0, 10)

await withStage(async stage => {
  const nothing = await measureClick(stage, 'byNothing')
  const waiting = await measureClick(stage, 'byWaiting')
  near('call in a click handler, ms', waiting.later, WAIT, 0.5)
  near('CPU time of a click, ms', waiting.whole - nothing.whole, WAIT, 2)

  // What waits by the clock takes less CPU time where the machine does something else meanwhile: the most of three.
  const bursts = await alternate(3, { waiting: () => burstTasks(stage, 'byWaiting', 10) })
  const longest = Math.max(...bursts.waiting.map(({ caller }) => caller))
  near('longest task, ms', longest, 10 * WAIT, 10)

  const prompt = await measureLatency(stage, 'bare', 'rest')
  const late = await measureLatency(stage, 'bare', 'rest', 'byFetchLate')
  near('latency, ms', late.later - prompt.later, WAIT, 3)

  // Chromium has six connections to a server.
  stage.api.behave({ delayMs: 100, headers: { connection: null } })
  const slow = await drainByFetch(stage, 120, 1)
  near('120 events with answers after 100 ms, ms', slow, 2_000, 600)

  const kept = await onFreshPage(stage, '/nothing', page =>
    heapLeft(page, () => page.evaluate('void (kept = new Array(131072).fill(0.5))')),
  )
  near('heap of 131,072 numbers, KB', kept / 1024, 1024, 100)
})

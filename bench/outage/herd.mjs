import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { loadCode } from '../../test/simulation/code.mjs'
import { Random } from '../../test/simulation/random.mjs'
import { live } from '../../test/simulation/simulate.mjs'
import { addTally, countArrival, countVisitor, newTally } from './tally.mjs'
import { visitorOf } from './visitor.mjs'

const liveShare = async ({ kind, visitors, seed }, first, step) => {
  const code = await loadCode()
  const random = new Random(seed)
  const seeds = Array.from({ length: visitors }, () => random.seed())
  const tally = newTally()
  for (let i = first; i < visitors; i += step) {
    const { history, visits } = visitorOf(seeds[i], kind)
    const onArrival = flight => countArrival(tally, flight)
    const world = await live(code, history, { onArrival })
    const { broken } = world.ledger
    if (broken) throw new Error(`Visitor ${i}: ${broken.promise}: ${broken.detail}`)
    countVisitor(tally, world, visits)
  }
  return tally
}

const workOn = (herd, first, step) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { herd, first, step } })
    worker.once('message', resolve)
    worker.once('error', reject)
  })

/**
 * Lives through a herd on all cores.
 * @param {{ kind: string, visitors: number, seed: number }} herd `kind`: how the API is away, as the simulated network has it
 */
export const liveHerd = async herd => {
  const step = availableParallelism()
  const shares = Array.from({ length: step }, (_, first) => workOn(herd, first, step))
  const tally = newTally()
  for (const share of await Promise.all(shares)) addTally(tally, share)
  return tally
}

if (!isMainThread) {
  const { herd, first, step } = workerData
  parentPort.postMessage(await liveShare(herd, first, step))
}

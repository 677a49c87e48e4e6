import { walk } from './walk.mjs'
import { World } from './world.mjs'

let running

// What the tag leaves unhandled is the page's to suffer (SPEC 8).
process.on('unhandledRejection', reason => {
  if (!running) throw reason
  running.ledger.break('no unhandled rejection', `${reason?.stack || reason}`)
})

/**
 * Lives through one history, and answers the world as it is afterwards; `notes` to write down what happens, `onArrival` to
 * hear of each request that comes to the API, whatever that does with it.
 */
export const live = async (code, history, { notes, onArrival } = {}) => {
  const world = new World(code, history)
  Object.assign(world, { notes, onArrival })
  running = world
  await world.run()
  running = undefined
  return world
}

/**
 * Lives through the histories of `seed` and those after it until so many `visits` are done, or a promise breaks: one of
 * `promises`, where they are named. `odds`: see walk.mjs.
 */
export const simulate = async (code, { seed = 1, visits, promises, traits, odds }) => {
  const sum = { visits: 0, steps: 0, called: 0, delivered: 0, lost: 0, doubled: 0 }
  const forgiven = { lost: 0, doubled: 0 }
  for (let next = seed; sum.visits < visits; next++) {
    const history = walk(next, undefined, odds)
    const { ledger, scheduler, ...world } = await live(code, {
      ...history,
      traits: { ...history.traits, ...traits },
    })
    sum.visits += world.visits
    sum.steps += scheduler.steps
    for (const key of ['called', 'delivered', 'lost', 'doubled']) sum[key] += ledger[key]
    for (const key of ['lost', 'doubled']) forgiven[key] += ledger.forgiven[key]
    const { broken } = ledger
    if (broken && (!promises || promises.includes(broken.promise))) {
      return { ...sum, forgiven, seed: next, broken }
    }
  }
  return { ...sum, forgiven }
}

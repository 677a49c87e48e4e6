import { namesOf, newGroup } from '../support/arrivals.mjs'
import { clickEach } from '../support/clicks.mjs'
import { cpuTime, settle } from '../support/main-thread.mjs'
import { onFreshPage } from '../support/stage.mjs'
import { middleMean } from '../support/stats.mjs'
import { fill } from './backlog.mjs'

const CLICKS = 20

/** The page for each way to send; see pages/send.js. */
const PATHS = {
  byTag: '/tag',
  byUnknown: '/tag',
  byFetch: '/bare',
  byFetchRead: '/bare',
  byNothing: '/nothing',
  byLeast: '/nothing',
  byWaiting: '/nothing',
}

/**
 * What an event costs that is sent from a click, on a fresh page.
 * @param {import('../support/stage.mjs').Stage} stage
 * @param {keyof typeof PATHS} by
 * @returns {Promise<{ first: number, later: number, whole: number }>} in ms: what the handler took on the first click and on
 *   the later ones, and the main thread's CPU time in all tasks, a click
 */
export const measureClick = (stage, by) =>
  onFreshPage(stage, PATHS[by], async page => {
    await settle(page)
    return clickCosts(page, by)
  })

/** What the handler takes, on clicks after the first one. */
export const measureCall = (stage, by) =>
  onFreshPage(stage, PATHS[by], async page => {
    await settle(page)
    return laterCalls(page, by)
  })

/** What an event costs on a page whose API is away, with so many requests waiting already. */
export const measureClickAway = (stage, waiting) =>
  whileAway(stage, waiting, async page => {
    await settle(page)
    return clickCosts(page, 'byTag')
  })

/** Of that, what the handler takes. */
export const measureCallAway = (stage, waiting) =>
  whileAway(stage, waiting, page => laterCalls(page, 'byTag'))

const whileAway = (stage, waiting, act) =>
  onFreshPage(stage, '/tag', async page => {
    await stage.api.stop()
    try {
      await fill(page, namesOf(newGroup(), waiting))
      return await act(page)
    } finally {
      await stage.api.listen()
    }
  })

async function laterCalls(page, by) {
  const [, ...later] = await clickEach(page, by, namesOf(newGroup(), CLICKS + 1))
  return middleMean(later)
}

async function clickCosts(page, by) {
  const [firstName, ...names] = namesOf(newGroup(), CLICKS + 1)
  const [first] = await clickEach(page, by, [firstName])
  await settle(page)
  let later
  const cpu = await cpuTime(page, async () => {
    later = middleMean(await clickEach(page, by, names))
  })
  return { first, later, whole: cpu / CLICKS }
}

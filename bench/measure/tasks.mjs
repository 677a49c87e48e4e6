import { setTimeout as sleep } from 'node:timers/promises'
import { namesOf, newGroup } from '../support/arrivals.mjs'
import { rest, settle } from '../support/main-thread.mjs'
import { onFreshPage } from '../support/stage.mjs'
import { longest, trace } from '../support/trace.mjs'
import { fill } from './backlog.mjs'

/** By then a bare `fetch` has ended: a browser refuses what is over its quota for `keepalive` at once. */
const REFUSED_MS = 2_000

/**
 * The longest tasks of a page that sends so many events in one go.
 * @param {import('../support/stage.mjs').Stage} stage
 * @param {'byTag' | 'byFetchRead' | 'byWaiting'} by
 * @returns {Promise<{ caller: number, others: number, arrived: number }>} CPU time in ms: of the task that makes the calls,
 *   and of the longest of the others; and how many events came through
 */
export const burstTasks = (stage, by, count) =>
  onFreshPage(stage, by === 'byTag' ? '/tag' : '/bare', async page => {
    await settle(page)
    const group = newGroup()
    const recording = await trace(page, async () => {
      await page.evaluate(
        (name, list) => {
          const send = { byTag, byFetchRead, byWaiting }[name]
          setTimeout(() => {
            performance.mark('bench')
            for (const one of list) send(one)
          })
        },
        by,
        namesOf(group, count),
      )
      if (by === 'byTag') await stage.arrivals.wait(group, count)
      else await sleep(REFUSED_MS)
      await rest(page)
    })
    return { ...longest(recording), arrived: stage.arrivals.count(group) }
  })

/** The longest tasks of a page that sends what an outage has left: `caller` is the one that calls `flush`. */
export const drainTasks = (stage, count) =>
  onFreshPage(stage, '/tag', async page => {
    const group = newGroup()
    await stage.api.stop()
    try {
      await fill(page, namesOf(group, count))
    } finally {
      await stage.api.listen()
    }
    return longest(
      await trace(page, async () => {
        await page.evaluate(() => {
          performance.mark('bench')
          pw('flush')
        })
        await stage.arrivals.wait(group, count)
        await rest(page)
      }),
    )
  })

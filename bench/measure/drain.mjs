import { namesOf, newGroup } from '../support/arrivals.mjs'
import { clock } from '../support/clock.mjs'
import { onFreshPage } from '../support/stage.mjs'
import { fill, running } from './backlog.mjs'

/** As many as the tag has under way of what has waited. */
const CONCURRENCY = 6

/**
 * Time from the end of an outage, which all tabs are told of by `flush`, until the API has all that the outage has left,
 * in ms.
 * @param {import('../support/stage.mjs').Stage} stage
 */
export const drainByTag = (stage, count, tabs) =>
  onFreshPage(stage, '/tag', async (page, context) => {
    const { api, arrivals, origin } = stage
    const group = newGroup()
    const pages = [page]
    await api.stop()
    try {
      await fill(page, namesOf(group, count))
      while (pages.length < tabs) pages.push(await context.open(`${origin}/tag`))
      for (const tab of pages) await running(tab)
    } finally {
      await api.listen()
    }
    const begun = clock()
    for (const tab of pages) tab.evaluate(() => pw('flush'))
    return (await arrivals.wait(group, count)) - begun
  })

/** The same by loops of `fetch`, each tab with its share. */
export const drainByFetch = (stage, count, tabs) =>
  onFreshPage(stage, '/bare', async (page, context) => {
    const group = newGroup()
    const names = namesOf(group, count)
    const pages = [page]
    while (pages.length < tabs) pages.push(await context.open(`${stage.origin}/bare`))
    const begun = clock()
    const done = pages.map((tab, i) =>
      tab.evaluate(
        (share, concurrency) => sendAll(share, concurrency),
        names.filter((_, j) => j % tabs === i),
        CONCURRENCY,
      ),
    )
    const last = await stage.arrivals.wait(group, count)
    await Promise.all(done)
    return last - begun
  })

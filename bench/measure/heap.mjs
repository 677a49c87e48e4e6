import { namesOf, newGroup } from '../support/arrivals.mjs'
import { rest, settle } from '../support/main-thread.mjs'
import { onFreshPage } from '../support/stage.mjs'

const EVENTS = 1000

/** The browser takes only so many requests of a page at one time. */
const AT_A_TIME = 50

/**
 * What is left in the page's heap of 1,000 events when all have been delivered, in bytes.
 * @param {import('../support/stage.mjs').Stage} stage
 * @param {'byTag' | 'byFetchRead'} by
 */
export const measureHeap = (stage, by) =>
  onFreshPage(stage, by === 'byTag' ? '/tag' : '/bare', async page => {
    await settle(page)
    const group = newGroup()
    const names = namesOf(group, EVENTS)
    return heapLeft(page, async () => {
      for (let sent = 0; sent < EVENTS; sent += AT_A_TIME) {
        const list = JSON.stringify(names.slice(sent, sent + AT_A_TIME))
        await page.evaluate(`${list}.forEach(name => void ${by}(name))`)
        await stage.arrivals.wait(group, sent + AT_A_TIME)
      }
    })
  })

/** What is left in the page's heap of what `act` does, in bytes. */
export async function heapLeft(page, act) {
  const before = await heap(page)
  await act()
  await rest(page)
  return (await heap(page)) - before
}

async function heap({ cdp }) {
  await cdp.send('HeapProfiler.collectGarbage')
  return (await cdp.send('Runtime.getHeapUsage')).usedSize
}

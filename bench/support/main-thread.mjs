/** Time in which all that is put off is done: the tag stores after a second what has not been answered by then. */
const REST_MS = 1_200

/** Time in which a page that has been loaded comes to rest. */
const SETTLE_MS = 300

const pause = (page, time) =>
  page.evaluate(ms => new Promise(resolve => setTimeout(resolve, ms)), time)

/** Waits until a page that has just been loaded, or clicked on, has nothing to do for the moment. */
export const settle = page => pause(page, SETTLE_MS)

/** Waits until the page has done all that it has put off. */
export const rest = page => pause(page, REST_MS)

/**
 * CPU time of the page's main thread, in ms, in all tasks that `act` leads to, and in those that the browser has there
 * anyway.
 */
export async function cpuTime(page, act) {
  await page.cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const before = await taskTime(page)
  await act()
  await rest(page)
  const after = await taskTime(page)
  await page.cdp.send('Performance.disable')
  return after - before
}

async function taskTime({ cdp }) {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1000
}

/** Milliseconds of the clock that Chromium counts with too (CLOCK_MONOTONIC). */
export const clock = () => Number(process.hrtime.bigint()) / 1e6

/** What is added to the page's `performance.now()` to get the time on this clock. */
export async function clockOffset({ cdp }) {
  await cdp.send('Performance.enable')
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'NavigationStart').value * 1000
}

const CATEGORIES = [
  'blink.user_timing',
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
]
const MARK = 'bench'

/**
 * Records what the page's main thread does while `act` runs. `act` has the page call `performance.mark('bench')` once, in
 * the task that it is about: this tells which thread is the page's, and which task is the caller's own.
 * @returns {Promise<{ tasks: Task[], events: object[], markedAt: number }>} times in µs
 * @typedef {{ ts: number, dur: number, tdur: number }} Task
 */
export async function trace({ cdp }, act) {
  const events = []
  const take = ({ value }) => events.push(...value)
  cdp.on('Tracing.dataCollected', take)
  await cdp.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES, excludedCategories: ['*'] },
  })
  await act()
  const complete = new Promise(resolve => cdp.once('Tracing.tracingComplete', resolve))
  await cdp.send('Tracing.end')
  await complete
  cdp.off('Tracing.dataCollected', take)

  const mark = events.find(({ name }) => name === MARK)
  const own = events.filter(({ pid, tid }) => pid === mark.pid && tid === mark.tid)
  return {
    tasks: own.filter(({ name, ph }) => name === 'RunTask' && ph === 'X'),
    events: own,
    markedAt: mark.ts,
  }
}

/** CPU time of the longest task, in ms: of the one that has the mark in it, and of the others. */
export function longest({ tasks, markedAt }) {
  const isMarked = ({ ts, dur }) => ts <= markedAt && markedAt <= ts + dur
  const most = list => Math.max(0, ...list.map(({ tdur }) => tdur)) / 1000
  return {
    caller: most(tasks.filter(isMarked)),
    others: most(tasks.filter(task => !isMarked(task))),
  }
}

import { at, between, CLOCK, secondOf } from './clock.mjs'

/** What counts as the time after, for the peak. */
const AFTER = [CLOCK.back, CLOCK.closes]

const sum = list => list.reduce((total, count) => total + count, 0)

/** Sums of so many seconds each, one after the other. */
export const buckets = (list, seconds) =>
  Array.from({ length: Math.floor(list.length / seconds) }, (_, i) =>
    sum(list.slice(i * seconds, (i + 1) * seconds)),
  )

/** All requests that came to the API, by the second. */
export const requests = ({ failed, late, live }) =>
  failed.map((count, second) => count + late[second] + live[second])

/** The greatest rate in a minute, or other time, that begins at any second; requests a second. */
const peak = (list, seconds) => Math.max(...buckets(list, seconds)) / seconds

/** How many seconds after the API was back no more than `part` of what waited then waits. */
const secondsUntil = ({ waits, waiting }, part) => {
  const back = secondOf(at(CLOCK.back))
  let left = 0
  let last = back
  for (let second = back; second < waits.length; second++) {
    left += waits[second]
    if (left > part * waiting) last = second + 1
  }
  return last - back
}

/** The figures of one outage. Rates in requests a second. */
export const figuresOf = tally => {
  const all = requests(tally)
  const normal = between(all, 0, CLOCK.away)
  const away = between(all, CLOCK.away, CLOCK.back)
  const after = between(all, ...AFTER)
  const rate = sum(normal) / normal.length
  return {
    normal: rate,
    normalPeak: peak(normal, 10) / rate,
    away: sum(away) / away.length / rate,
    awayPeak: peak(away, 10) / rate,
    peak10: peak(after, 10) / rate,
    peak60: peak(after, 60) / rate,
    waiting: tally.waiting / rate,
    until99: secondsUntil(tally, 0.01),
    untilAll: secondsUntil(tally, 0),
    leftBehind: tally.leftBehind / tally.waiting,
  }
}

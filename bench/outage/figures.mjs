import { at, between, CLOCK, secondOf } from './clock.mjs'

const sum = list => list.reduce((total, count) => total + count, 0)

/** All requests that came to the API, by the second. */
const requests = ({ failed, late, live }) =>
  failed.map((count, second) => count + late[second] + live[second])

/** The greatest rate for so many seconds in a row; requests a second, and after how many seconds these begin. */
const peak = (list, seconds) => {
  const worst = { rate: 0, begin: 0 }
  for (let begin = 0; begin + seconds <= list.length; begin++) {
    const rate = sum(list.slice(begin, begin + seconds)) / seconds
    if (rate > worst.rate) Object.assign(worst, { rate, begin })
  }
  return worst
}

/** How many seconds after the API was back no more than `part` of what waited then, with its visitor there, still did. */
const secondsUntil = ({ waits, there }, part) => {
  const back = secondOf(at(CLOCK.back))
  let left = 0
  let last = back
  for (let second = back; second < waits.length; second++) {
    left += waits[second]
    if (left > part * there) last = second + 1
  }
  return last - back
}

/** The figures of one outage. Rates in requests a second. */
export const figuresOf = tally => {
  const all = requests(tally)
  const normal = between(all, 0, CLOCK.away)
  const away = between(all, CLOCK.away, CLOCK.back)
  const after = between(all, CLOCK.back, CLOCK.closes)
  const { called, lost, doubled, waiting, there, leftBehind, freshLeftBehind } = tally
  return {
    normal: sum(normal) / normal.length,
    normalMinute: peak(normal, 60).rate,
    away: sum(away) / away.length,
    awayTenSeconds: peak(away, 10).rate,
    afterTenSeconds: peak(after, 10).rate,
    afterMinute: peak(after, 60),
    secondsUntilMost: secondsUntil(tally, 0.01),
    secondsUntilAll: secondsUntil(tally, 0),
    called,
    lost,
    doubled,
    waiting,
    there,
    leftBehind,
    freshLeftBehind,
  }
}

/** Sums of so many seconds each, from one minute of the clock to another. */
export const buckets = (list, from, to, seconds) => {
  const part = between(list, from, to)
  return Array.from({ length: part.length / seconds }, (_, i) =>
    sum(part.slice(i * seconds, (i + 1) * seconds)),
  )
}

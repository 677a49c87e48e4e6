import { at, CLOCK, SECONDS, secondOf } from './clock.mjs'

/** A request that arrives so soon after its visitor has left, was on its way. */
const ON_ITS_WAY_MS = 5_000

const perSecond = () => new Array(SECONDS).fill(0)

/** What is counted of all visitors. */
export const newTally = () => ({
  visitors: 0,
  visits: 0,
  called: 0,
  /** Of the events called those of them that never arrived or did so twice: where SPEC 5 forgives that, and where it doesn't. */
  lost: 0,
  doubled: 0,
  lostForgiven: 0,
  doubledForgiven: 0,
  /** Requests that came to the API: tries that failed, what was called before it was back, and the rest. */
  failed: perSecond(),
  late: perSecond(),
  live: perSecond(),
  /** How much more waits than in the second before, of visitors who were there when the API was back, while they are. */
  waits: perSecond(),
  /** Visitors who were there then, and had something waiting; what waited; and what they left with. */
  there: 0,
  waiting: 0,
  leftBehind: 0,
  /** Events called after the API was back that their visitors left with. */
  freshLeftBehind: 0,
})

export const addTally = (sum, more) => {
  for (const [key, value] of Object.entries(more)) {
    if (Array.isArray(value)) value.forEach((count, second) => (sum[key][second] += count))
    else sum[key] += value
  }
}

const BACK = at(CLOCK.back)

/** Counts a request that has come to the API. */
export const countArrival = (tally, { failed, event, arrived, page }) => {
  const { world } = page
  const time = world.elapsed()
  const calledAt = event && time - (world.now - event.time)
  if (event && arrived) event.arrivedAt ??= time
  const second = secondOf(time)
  if (second >= SECONDS) return
  const kind = failed ? 'failed' : time >= BACK && calledAt < BACK ? 'late' : 'live'
  tally[kind][second]++
}

/** Counts how one visitor has fared. */
export const countVisitor = (tally, world, visits) => {
  const { ledger } = world
  tally.visitors++
  tally.visits += visits.length
  tally.called += ledger.called
  tally.lost += ledger.lost
  tally.doubled += ledger.doubled
  tally.lostForgiven += ledger.forgiven.lost
  tally.doubledForgiven += ledger.forgiven.doubled
  const opening = world.now - world.elapsed()
  const events = Array.from(ledger.events.values(), ({ time, arrivedAt = Infinity }) => ({
    calledAt: time - opening,
    arrivedAt,
  }))
  countBacklog(tally, events, visits)
  for (const { calledAt, arrivedAt } of events) {
    const visit = visits.find(({ end }) => end >= calledAt)
    if (calledAt >= BACK && arrivedAt > visit.end + ON_ITS_WAY_MS) tally.freshLeftBehind++
  }
}

/** What waited when the API was back, if its visitor was there. */
const countBacklog = (tally, events, visits) => {
  const visit = visits.find(({ start, end }) => start < BACK && end > BACK)
  const waiting = events.filter(({ calledAt, arrivedAt }) => calledAt < BACK && arrivedAt >= BACK)
  if (!visit || !waiting.length) return
  tally.there++
  tally.waiting += waiting.length
  for (const { arrivedAt } of waiting) {
    tally.waits[secondOf(BACK)]++
    const over = secondOf(Math.min(arrivedAt, visit.end))
    if (over < SECONDS) tally.waits[over]--
    if (arrivedAt > visit.end + ON_ITS_WAY_MS) tally.leftBehind++
  }
}

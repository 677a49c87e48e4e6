import { at, CLOCK, SECONDS, secondOf } from './clock.mjs'

/** A request that arrives so soon after its visitor has left, was on its way. */
const ON_ITS_WAY_MS = 5_000

const BACK = at(CLOCK.back)

const perSecond = () => new Array(SECONDS).fill(0)

/** What is counted of all visitors. */
export const newTally = () => ({
  visitors: 0,
  /** Events: all, and those of them that never arrived or did so twice. */
  called: 0,
  lost: 0,
  doubled: 0,
  /** Requests that came to the API: tries that failed, what was called before it was back, and the rest. */
  failed: perSecond(),
  late: perSecond(),
  live: perSecond(),
  /** Events that waited when the API was back; those of them whose visitors were there; and what these left with. */
  waiting: 0,
  there: 0,
  leftBehind: 0,
  /** How many more of those whose visitors were there wait, and their visitors are there, than in the second before. */
  waits: perSecond(),
  /** Events called after the API was back that their visitors left with. */
  freshLeftBehind: 0,
})

export const addTally = (sum, more) => {
  for (const [key, value] of Object.entries(more)) {
    if (Array.isArray(value))
      for (const [second, count] of value.entries()) sum[key][second] += count
    else sum[key] += value
  }
}

/** Counts a request that has come to the API. */
export const countArrival = (tally, { failed, event, arrived, page }) => {
  const time = page.world.elapsed()
  if (arrived) event.arrivedAt ??= time
  const second = secondOf(time)
  if (second >= SECONDS) return
  const isLate = time >= BACK && calledAt(event, page.world) < BACK
  tally[failed ? 'failed' : isLate ? 'late' : 'live'][second]++
}

/** Counts how one visitor has fared who was there on these visits. */
export const countVisitor = (tally, world, visits) => {
  const { called, events, lost, doubled, forgiven } = world.ledger
  tally.visitors++
  tally.called += called
  tally.lost += lost + forgiven.lost
  tally.doubled += doubled + forgiven.doubled
  const visitAtBack = visits.find(({ start, end }) => start < BACK && end > BACK)
  const visitOf = time => visits.find(({ end }) => end >= time)
  for (const event of events.values()) {
    const { arrivedAt } = event
    // What never arrived waits nowhere.
    if (arrivedAt === undefined || arrivedAt < BACK) continue
    const time = calledAt(event, world)
    if (time < BACK) countWaiting(tally, arrivedAt, visitAtBack)
    else if (isLeft(arrivedAt, visitOf(time))) tally.freshLeftBehind++
  }
}

const calledAt = (event, world) => world.elapsed() - (world.now - event.time)

const isLeft = (arrivedAt, visit) => arrivedAt > visit.end + ON_ITS_WAY_MS

/** Counts an event that waited when the API was back; `visit`: the one that its visitor was on. */
const countWaiting = (tally, arrivedAt, visit) => {
  tally.waiting++
  if (!visit) return
  tally.there++
  tally.waits[secondOf(BACK)]++
  const over = Math.ceil(Math.min(arrivedAt, visit.end) / 1_000)
  if (over < SECONDS) tally.waits[over]--
  if (isLeft(arrivedAt, visit)) tally.leftBehind++
}

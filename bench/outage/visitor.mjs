import { Random } from '../../test/simulation/random.mjs'
import { at, CLOCK } from './clock.mjs'

/** What visitors are taken to do. Times in ms. */
const MODEL = {
  /** Pages of a visit, evenly from the one to the other. */
  pages: [3, 5],
  /** How long a page is looked at: log-normal. */
  dwell: { median: 40_000, sigma: 0.8, most: 600_000 },
  /** An event as a page opens, and others by chance, so far apart on average. */
  eventGap: 25_000,
  /** The part of the pages that are turned away from and back to, and for how long on average. */
  turned: { share: 0.2, away: 20_000 },
  /** The part of the visitors that come twice. */
  twice: 0.3,
  /** The least time between two visits. */
  apart: 60_000,
}

const TRAITS = {
  locks: true,
  idbMs: 5,
  netMs: 100,
  dropsCachedEvents: false,
  localStorage: true,
}

const exponential = (random, mean) => -Math.log(1 - random.next()) * mean

const normal = random =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())

const dwellOf = random => {
  const { median, sigma, most } = MODEL.dwell
  return Math.min(most, median * Math.exp(sigma * normal(random)))
}

/** One visit that begins at `start`: what is done, and when it ends. */
const visitOf = (random, start) => {
  const actions = []
  const act = (time, type, more) =>
    actions.push({ at: time, type, seed: random.seed(), tab: 0, lastCalls: 0, ...more })
  const [fewest, most] = MODEL.pages
  const pages = fewest + random.below(most - fewest + 1)
  let time = start
  for (let i = 0; i < pages; i++) {
    const page = { stub: true, tagMs: random.between(50, 400), calls: 1 }
    act(time, i ? 'navigate' : 'open', { page })
    const opened = time
    time += dwellOf(random)
    for (
      let next = opened + exponential(random, MODEL.eventGap);
      next < time;
      next += exponential(random, MODEL.eventGap)
    ) {
      act(next, 'call', { count: 1 })
    }
    if (random.chance(MODEL.turned.share)) {
      act(time, 'hide')
      time += exponential(random, MODEL.turned.away)
      act(time, 'show')
      time += dwellOf(random) / 2
    }
  }
  act(time, 'close')
  return { start, end: time, actions }
}

const OUTAGE = kind => [
  { at: at(CLOCK.away), type: 'mood', kind, share: 1 },
  { at: at(CLOCK.back), type: 'mood', kind: 'ok', share: 1 },
  // After this a page opens and stays, which shows what has been lost.
  { at: at(CLOCK.ends), type: 'mood', kind: 'ok', share: 1 },
]

/** The history of one visitor whose API is away in the manner of `kind`, and when that visitor is there. */
export const visitorOf = (seed, kind) => {
  const random = new Random(seed)
  const start = () => random.between(at(CLOCK.opens), at(CLOCK.closes))
  const starts = random.chance(MODEL.twice) ? [start(), start()] : [start()]
  const visits = []
  for (const wanted of starts.sort((a, b) => a - b)) {
    const free = visits.length ? visits[0].end + MODEL.apart : 0
    visits.push(visitOf(random, Math.max(wanted, free)))
  }
  const actions = visits
    .flatMap(visit => visit.actions)
    .concat(OUTAGE(kind))
    .sort((a, b) => a.at - b.at)
    .map((action, id) => ({ ...action, id }))
  return { history: { traits: TRAITS, actions }, visits }
}

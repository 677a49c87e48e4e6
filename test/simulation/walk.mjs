import { Random } from './random.mjs'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How often each action is taken where a world has it at all. */
const actionWeights = {
  open: 5,
  call: 8,
  callAndLeave: 4,
  navigate: 5,
  close: 4,
  back: 2,
  hide: 3,
  show: 3,
  freeze: 1,
  stall: 1,
  online: 0.5,
  flush: 1,
  register: 1,
  discard: 1,
  killBrowser: 1,
  mood: 3,
}

const always = ['open', 'call', 'callAndLeave', 'navigate', 'close']

const gapWeights = {
  instant: 3,
  short: 5,
  second: 6,
  seconds: 5,
  minutes: 1.5,
  hours: 0.2,
  days: 0.05,
}

const gaps = {
  instant: [0, 5],
  short: [5, 300],
  second: [300, 1_500],
  seconds: [1_500, 15 * SECOND],
  minutes: [15 * SECOND, 10 * MINUTE],
  hours: [10 * MINUTE, 3 * HOUR],
  days: [3 * HOUR, 3 * DAY],
}

const moods = { ok: 5, error: 2, refused: 2, hang: 2, slow: 1, lost: 1, later: 1 }

const pageOf = random => ({
  stub: random.chance(0.8),
  tagMs: random.chance(0.7) ? random.between(1, 150) : random.between(150, 5_000),
  calls: random.chance(0.6) ? 1 + random.below(3) : 0,
  twice: random.chance(0.05),
  userId: random.chance(0.1) ? `u${random.below(3)}` : undefined,
  idbHangs: false,
  loadMs: random.chance(0.5) ? random.between(0, 300) : random.between(300, 20 * SECOND),
})

/** Somebody who stays nowhere for long and logs in again and again, while the API stops answering and answers again. */
export const restless = {
  actions: { navigate: 8, call: 8, register: 4, mood: 3 },
  gaps: { short: 1, second: 3 },
  moods: { ok: 2, hang: 1, slow: 1 },
}

/** Somebody whose pages and browsers are killed again and again, while the API hangs. */
export const unlucky = {
  actions: { open: 5, discard: 3, killBrowser: 3, mood: 2 },
  gaps: { second: 1, seconds: 1 },
  moods: { ok: 2, hang: 3 },
}

const usual = { actions: actionWeights, gaps: gapWeights, moods }

/**
 * The history that a seed makes: what a world is like, and what is done in it and when. Each action has a seed of its own,
 * so that leaving one out changes the others as little as can be.
 */
export const walk = (seed, length = 40, odds = usual) => {
  const random = new Random(seed)
  const weights = {}
  for (const [type, weight] of Object.entries(odds.actions)) {
    if (always.includes(type) || random.chance(0.5)) weights[type] = weight
  }
  const pace = {}
  for (const [gap, weight] of Object.entries(odds.gaps)) pace[gap] = weight * random.next()
  const traits = {
    locks: random.chance(0.75),
    idbMs: random.pick([2, 5, 20, 60]),
    netMs: random.pick([20, 100, 400]),
    dropsCachedEvents: random.chance(0.5),
    localStorage: random.chance(0.9),
    webkit: random.chance(0.3),
  }
  const actions = []
  let at = 0
  for (let id = 0; id < length; id++) {
    const type = id ? random.weighted(weights) : 'open'
    const gap = random.weighted(pace)
    at += random.between(...gaps[gap])
    actions.push({
      id,
      at,
      type,
      seed: random.seed(),
      tab: random.below(60),
      count: random.chance(0.9) ? 1 + random.below(4) : random.below(60),
      lastCalls: random.chance(0.2) ? 1 : 0,
      nextMs: random.chance(0.7) ? random.between(0, 200) : random.between(200, 4_000),
      cache: random.chance(0.3),
      kind: random.weighted(odds.moods),
      share: random.chance(0.7) ? 1 : random.next(),
      ms: random.between(20, 900),
      userId: `u${random.below(4)}`,
      page: pageOf(random),
    })
  }
  return { traits, actions }
}

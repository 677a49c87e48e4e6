import { CLOCK } from '../outage/clock.mjs'
import { buckets, figuresOf } from '../outage/figures.mjs'
import { liveHerd } from '../outage/herd.mjs'
import { LIMITS } from '../support/limits.mjs'
import { number, ratioText, row, rowsTable, table } from '../support/rows.mjs'

/** How the API is away. A lost connection makes the same requests as a refused one. */
const KINDS = { error: '503', refused: 'refused connections', hang: 'no answer' }

/** What the chart shows: which of them, from when to when, and what makes a step. */
const CURVE = { kind: 'error', from: CLOCK.away - 5, to: CLOCK.back + 15, seconds: 10 }

const SEED = 1

/** What many visitors send whose API was away for ten minutes. */
export const outage = {
  title: 'After an outage',
  async run(visitors) {
    const kinds = {}
    let curve
    for (const kind of Object.keys(KINDS)) {
      const tally = await liveHerd({ kind, visitors, seed: SEED })
      kinds[kind] = figuresOf(tally)
      console.log(`${KINDS[kind]}: ${JSON.stringify(kinds[kind])}`)
      if (kind === CURVE.kind) curve = curveOf(tally)
    }
    return { visitors, rows: Object.entries(kinds).flatMap(limitedRows), kinds, curve }
  },
  text: ({ visitors, rows, kinds }) =>
    [
      `${count(visitors)} simulated visitors. Rates are in requests a second.`,
      rowsTable(rows),
      table(
        ['', ...Object.keys(kinds).map(kind => KINDS[kind])],
        Object.entries(LINES).map(([what, cell]) => [what, ...Object.values(kinds).map(cell)]),
      ),
    ].join('\n\n'),
}

const curveOf = tally => {
  const { from, to, seconds } = CURVE
  const part = kind => buckets(tally[kind], from, to, seconds)
  return { ...CURVE, failed: part('failed'), late: part('late'), live: part('live') }
}

const limitedRows = ([kind, { normal, afterMinute, secondsUntilAll }]) => [
  row({
    what: `the worst minute after ten minutes of ${KINDS[kind]}`,
    unit: '/s',
    tag: [afterMinute.rate],
    floor: [normal],
    against: 'normal',
    limit: LIMITS.herd,
  }),
  row({
    what: `until what waited is gone from open pages, after ${KINDS[kind]}`,
    unit: 's',
    tag: [secondsUntilAll],
    limit: LIMITS.backlogGone,
  }),
]

const times =
  rate =>
  ({ normal, [rate]: value }) =>
    ratioText(value / normal)

const count = value => value.toLocaleString('en')

const percent = (part, whole) => `${number((100 * part) / whole)} %`

const LINES = {
  'requests a second, normally': ({ normal }) => number(normal),
  'the worst minute of that': times('normalMinute'),
  'while the API is away': times('away'),
  'the worst 10 s of that': times('awayTenSeconds'),
  'the worst 10 s after': times('afterTenSeconds'),
  'until 99 % of what waited is gone from open pages': ({ secondsUntilMost }) =>
    `${secondsUntilMost} s`,
  'events that wait when the API is back': ({ waiting }) => count(waiting),
  'of these, their visitors have left already': ({ waiting, there }) =>
    percent(waiting - there, waiting),
  'of these, their visitors leave before they are sent': ({ waiting, leftBehind }) =>
    percent(leftBehind, waiting),
  'events called later whose visitors leave before they are sent': ({ freshLeftBehind }) =>
    count(freshLeftBehind),
  'events called': ({ called }) => count(called),
  lost: ({ lost }) => lost,
  doubled: ({ doubled }) => doubled,
}

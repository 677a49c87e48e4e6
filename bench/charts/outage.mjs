import { CLOCK } from '../outage/clock.mjs'
import { LIMITS } from '../support/limits.mjs'
import { ratioText } from '../support/rows.mjs'
import { description, level, line, path, svg, text } from './svg.mjs'

const WIDTH = 760
const HEIGHT = 330
const PLOT = { left: 40, right: 740, top: 56, bottom: 280 }

/** In the order in which they are stacked, from below; where their keys stand. */
const SERIES = [
  { name: 'live', title: 'events called just then', x: 40 },
  { name: 'late', title: 'events that had waited', x: 250 },
  { name: 'failed', title: 'tries that failed', x: 460 },
]

/** Patterns tell the series apart where colours don't. */
const STYLE = `<defs>
<pattern id="stripes" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="stripe late-stripe" d="M1.7 0v5"/></pattern>
<pattern id="lines" width="4" height="4" patternUnits="userSpaceOnUse"><path class="stripe failed-stripe" d="M0 1.5h4"/></pattern>
</defs>
<style>
  .live { fill: #0969da }
  .late { fill: url(#stripes) }
  .failed { fill: url(#lines) }
  .stripe { stroke-width: 2.6 }
  .late-stripe { stroke: #bc4c00 }
  .failed-stripe { stroke: #57606a }
  .away { fill: #afb8c1; opacity: 0.3 }
  .worst { stroke: #24292f; stroke-width: 4 }
  .middle { text-anchor: middle }
  @media (prefers-color-scheme: dark) {
    .live { fill: #4493f8 }
    .late-stripe { stroke: #f0883e }
    .failed-stripe { stroke: #8d96a0 }
    .away { fill: #484f58; opacity: 0.5 }
    .worst { stroke: #e6edf3 }
  }
</style>`

/**
 * Requests by the time at which they come, stacked, as multiples of the normal rate.
 * @param {Awaited<ReturnType<typeof import('../parts/outage.mjs').outage.run>>} data
 */
export function outageChart({ kinds, curve }) {
  const { from, to, seconds } = curve
  const { normal, afterMinute, secondsUntilAll } = kinds[curve.kind]
  const levels = stack(curve, normal * seconds)
  const most = Math.ceil(4 * Math.max(LIMITS.herd, ...levels.at(-1))) / 4
  const x = minute => tenth(PLOT.left + ((minute - from) / (to - from)) * (PLOT.right - PLOT.left))
  const xAfter = time => x(CLOCK.back + time / 60)
  const y = ratio => tenth(PLOT.bottom - (ratio / most) * (PLOT.bottom - PLOT.top))
  const box = (from, to) => `M${x(from)} ${PLOT.top}H${x(to)}V${PLOT.bottom}H${x(from)}z`

  const worst = afterMinute.rate / normal
  const worstEnds = xAfter(afterMinute.begin + 60)
  const gone = xAfter(secondsUntilAll)
  const goneText = `gone from open pages: ${minutesText(secondsUntilAll)}`
  return svg(
    WIDTH,
    HEIGHT,
    'Requests before, in and after ten minutes without the API',
    description(
      `In the worst minute after the API is back ${ratioText(worst)} as many requests come as normally (limit ${LIMITS.herd} ×); ${goneText}.`,
    ),
    STYLE,
    ...SERIES.flatMap(({ name, title, x }) => [
      path(`M${x} 8h24v12h-24z`, name),
      text(x + 30, 19, title),
    ]),
    text(PLOT.left, 44, 'requests in 10 s; 1 × = as many as normally', 'head'),
    path(box(CLOCK.away, CLOCK.back), 'away'),
    text(x((CLOCK.away + CLOCK.back) / 2), PLOT.top + 16, 'the API is away (503)', 'middle'),
    ...SERIES.map(({ name }, i) => path(area(levels[i], levels[i + 1], x, y, curve), name)),
    ...[0, 1, 2].map(ratio => text(PLOT.left - 6, y(ratio) + 4, `${ratio} ×`, 'head end')),
    level(PLOT.left, PLOT.right, y(0), 'line'),
    level(PLOT.left, PLOT.right, y(1), 'line'),
    level(PLOT.left, PLOT.right, y(LIMITS.herd), 'limit'),
    text(PLOT.right, y(LIMITS.herd) - 6, `limit of a minute: ${LIMITS.herd} ×`, 'end'),
    level(xAfter(afterMinute.begin), worstEnds, y(worst), 'worst'),
    text(worstEnds + 10, y(worst) + 16, `the worst minute: ${ratioText(worst)}`),
    line(gone, y(1.5), y(0), 'line'),
    text(gone + 6, y(1.5) + 10, goneText),
    text(gone + 6, y(1.5) + 27, 'the rest comes with later visits'),
    ...range(from, to, 5).map(minute =>
      text(x(minute), PLOT.bottom + 17, signed(minute - CLOCK.back), 'head middle'),
    ),
    text(x((from + to) / 2), PLOT.bottom + 38, 'minutes from when the API is back', 'head middle'),
  )
}

const tenth = value => Math.round(value * 10) / 10

const minutesText = seconds => `${Math.floor(seconds / 60)} min ${seconds % 60} s`

const signed = value => String(value).replace('-', '−')

const range = (from, to, step) =>
  Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step)

/** The levels between which the series lie, as multiples of `unit`. */
const stack = (curve, unit) => {
  const levels = [curve.live.map(() => 0)]
  for (const { name } of SERIES) {
    const below = levels.at(-1)
    levels.push(curve[name].map((count, i) => below[i] + count / unit))
  }
  return levels
}

/** What lies between two levels, which go by steps. */
const area = (low, high, x, y, { from, seconds }) => {
  const xOf = step => x(from + (step * seconds) / 60)
  const there = high.map((ratio, i) => `V${y(ratio)}H${xOf(i + 1)}`)
  const back = low.map((ratio, i) => `V${y(ratio)}H${xOf(i)}`).reverse()
  return `M${xOf(0)} ${y(0)}${there.join('')}${back.join('')}z`
}

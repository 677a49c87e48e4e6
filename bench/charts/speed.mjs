import { ratioText } from '../support/rows.mjs'
import { bar, line, svg, text } from './svg.mjs'

const WIDTH = 760
const ROW = 46
const TOP = 30
const BAR = { x: 10, width: 640 }

/**
 * A bar for each figure of the tag as a ratio to what it is compared with, and a mark for its limit.
 * @param {import('../support/rows.mjs').Row[]} rows
 */
export function speedChart(rows) {
  const most = Math.max(2, ...rows.map(({ ratio }) => ratio))
  const place = ratio => BAR.x + (ratio / most) * BAR.width
  const bottom = TOP + rows.length * ROW
  return svg(
    WIDTH,
    bottom + 10,
    'Costs of pw-tag as ratios',
    text(place(1), 18, '1 × = as much as what it is compared with', 'head'),
    line(place(1), TOP - 6, bottom, 'line'),
    ...rows.flatMap(({ what, against, ratio, limit }, i) => {
      const y = TOP + i * ROW
      return [
        text(BAR.x, y + 13, `${what}; against ${against}`),
        bar(BAR.x, y + 19, place(ratio) - BAR.x, 16, ratio > limit ? 'over' : 'ours'),
        line(place(limit), y + 16, y + 38, 'limit'),
        text(Math.max(place(ratio), place(limit)) + 6, y + 32, ratioText(ratio)),
      ]
    }),
  )
}

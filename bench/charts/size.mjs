import { bar, svg, text } from './svg.mjs'

const WIDTH = 760
const ROW = 24
const TOP = 30
const BAR = { x: 160, width: 330 }
const LOST_X = 655
const DOUBLED_X = 750

/**
 * A bar for the size of each tag, and what became of its events.
 * @param {{ name: string, brotli: number }[]} files
 * @param {{ name: string, counts: Record<string, { called: number, lost: number, doubled: number }> }[]} deliveries
 */
export function sizeChart(files, deliveries) {
  const rows = files.toSorted((a, b) => a.brotli - b.brotli)
  const most = rows.at(-1).brotli
  const totals = new Map(deliveries.map(({ name, counts }) => [name, total(counts)]))
  return svg(
    WIDTH,
    TOP + rows.length * ROW + 10,
    'Size of the script (brotli), and events lost and doubled',
    text(BAR.x, 18, 'size of the script, thousands of bytes (brotli)', 'head'),
    text(LOST_X, 18, 'events lost', 'head end'),
    text(DOUBLED_X, 18, 'doubled', 'head end'),
    ...rows.flatMap(({ name, brotli }, i) => {
      const y = TOP + i * ROW
      const width = (brotli / most) * BAR.width
      const kind = name === 'pw-tag' ? 'ours' : ''
      const { called, lost, doubled } = totals.get(name.replace(' (bundled)', ''))
      return [
        text(BAR.x - 10, y + 16, name, `${kind} end`),
        bar(BAR.x, y + 4, width, 16, kind),
        text(BAR.x + width + 6, y + 16, (brotli / 1000).toFixed(1), kind),
        text(LOST_X, y + 16, `${lost} of ${called}`, `${kind} end`),
        text(DOUBLED_X, y + 16, doubled, `${kind} end`),
      ]
    }),
  )
}

const total = counts => {
  const sum = field => Object.values(counts).reduce((all, count) => all + count[field], 0)
  return { called: sum('called'), lost: sum('lost'), doubled: sum('doubled') }
}

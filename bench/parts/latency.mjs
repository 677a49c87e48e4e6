import { measureLatency } from '../measure/latency.mjs'
import { alternate } from '../support/alternate.mjs'
import { LIMITS } from '../support/limits.mjs'
import { row, rowsTable } from '../support/rows.mjs'
import { withStage } from '../support/stage.mjs'

const WAYS = {
  load: 'latency as the page loads, the tag in its head',
  stub: 'latency as the page loads, before the tag is there',
  rest: 'latency on a page at rest, by a script',
  click: 'latency on a page at rest, in a click handler',
}

/** The two that the limit is for: nothing but the call stands between the page and its first event. */
const LIMITED = ['load', 'rest']

/** Call to arrival of a page's first event. */
export const latency = {
  title: 'Latency',
  run: pages =>
    withStage(async stage => {
      const rows = []
      for (const [way, title] of Object.entries(WAYS)) {
        const { tag, bare } = await alternate(pages, {
          bare: () => measureLatency(stage, 'bare', way),
          tag: () => measureLatency(stage, 'tag', way),
        })
        for (const visit of ['first', 'later']) {
          const limit = visit === 'later' && LIMITED.includes(way) ? LIMITS.latency : undefined
          const times = list => list.map(result => result[visit])
          rows.push(
            row({ what: `${title}, ${visit} visit`, tag: times(tag), floor: times(bare), limit }),
          )
        }
      }
      return rows
    }),
  text: rowsTable,
}

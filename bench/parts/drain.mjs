import { drainByFetch, drainByTag } from '../measure/drain.mjs'
import { alternate } from '../support/alternate.mjs'
import { LIMITS } from '../support/limits.mjs'
import { row, rowsTable } from '../support/rows.mjs'
import { withStage } from '../support/stage.mjs'

const CASES = [
  [100, 1],
  [250, 1],
  [500, 1],
  [1000, 1],
  [500, 5],
  [1000, 5],
]

/** How long it takes to send what an outage has left. */
export const drain = {
  title: 'Drain',
  run: pages =>
    withStage(async stage => {
      const rows = []
      for (const [count, tabs] of CASES) {
        const { tag, bare } = await alternate(pages, {
          bare: () => drainByFetch(stage, count, tabs),
          tag: () => drainByTag(stage, count, tabs),
        })
        rows.push(
          row({
            what: `sending ${count} events after an outage, ${tabs === 1 ? 'one tab' : `${tabs} tabs`}`,
            tag,
            floor: bare,
            against: 'a loop of bare fetch',
            limit: count === 500 && tabs === 1 ? LIMITS.drain : undefined,
          }),
        )
      }
      return rows
    }),
  text: rowsTable,
}

import { measureWire } from '../measure/wire.mjs'
import { alternate } from '../support/alternate.mjs'
import { number, table } from '../support/rows.mjs'
import { withStage } from '../support/stage.mjs'
import { median } from '../support/stats.mjs'

const SUBJECTS = {
  events: '20 events',
  view: 'page view, known user',
}

/** What goes over the wire. */
export const wire = {
  title: 'Wire',
  run: pages =>
    withStage(
      async stage => {
        const rows = []
        for (const [what, title] of Object.entries(SUBJECTS)) {
          const results = await alternate(pages, {
            bare: () => measureWire(stage, 'bare', what),
            tag: () => measureWire(stage, 'tag', what),
          })
          for (const [page, name] of ['first page', 'next page'].entries()) {
            for (const kind of ['tag', 'bare']) {
              const counts = results[kind].map(list => list[page])
              const middle = field => median(counts.map(count => count[field]))
              rows.push({
                what: `${title}, ${name}`,
                by: kind === 'tag' ? 'pw-tag' : 'bare fetch',
                requests: middle('requests'),
                preflights: middle('preflights'),
                sent: middle('sent'),
                received: middle('received'),
              })
            }
          }
        }
        return rows
      },
      { metered: true },
    ),
  text: rows =>
    table(
      ['', 'by', 'requests', 'preflights', 'KB sent', 'KB received'],
      rows.map(({ what, by, requests, preflights, sent, received }) => [
        what,
        by,
        requests,
        preflights,
        number(sent / 1024),
        number(received / 1024),
      ]),
    ),
}

import { el } from './dom.ts'
import type { Row } from './history.ts'
import { createRowView, type RowView } from './row-view.ts'

/** Of so many rows there are elements. The rest is in what is copied. */
const MOST_ROWS = 200

export interface ListView {
  readonly element: Element
  /** Shows these rows, the last on top. */
  update(rows: readonly Row[]): void
}

/** A list of rows to which rows are added. Where it is another list, it begins anew. */
export const createListView = (label: string): ListView => {
  const element = el('ol', { role: 'list', 'aria-label': label })
  let views: RowView[] = []
  let first: Row | undefined
  let count = 0

  return {
    element,
    update(rows) {
      if (rows[0] !== first) {
        first = rows[0]
        element.textContent = ''
        views = []
        count = 0
      }
      for (const row of rows.slice(Math.max(count, rows.length - MOST_ROWS))) {
        const view = createRowView(row)
        views.push(view)
        element.prepend(view.element)
      }
      count = rows.length
      for (const { element } of views.splice(0, views.length - MOST_ROWS)) element.remove()
      for (const view of views) view.update()
    },
  }
}

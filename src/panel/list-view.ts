import { el } from './dom.ts'
import type { Row } from './history.ts'
import { createRowView, type RowView } from './row-view.ts'

/** Of so many rows there are elements. The rest is in what is copied. */
const MOST_ROWS = 200

export interface ListView {
  readonly element: Element
  /** Shows these rows, the last on top. Those that were there before stay as a visitor has opened them. */
  update(rows: readonly Row[]): void
}

/** A list of rows. */
export const createListView = (label: string): ListView => {
  const element = el('ol', { role: 'list', 'aria-label': label })
  let views = new Map<Row, RowView>()

  return {
    element,
    update(rows) {
      const before = views
      views = new Map()
      let place = element.firstChild
      for (const row of rows.slice(-MOST_ROWS).reverse()) {
        const view = before.get(row) || createRowView(row)
        views.set(row, view)
        if (view.element === place) place = place.nextSibling
        else element.insertBefore(view.element, place)
        view.update()
      }
      while (place) {
        const next = place.nextSibling
        place.remove()
        place = next
      }
    },
  }
}

import { toJson } from '../json.ts'
import { el, on, say } from './dom.ts'
import type { Row } from './history.ts'
import { clock, pretty, standing, subject } from './text.ts'

export interface RowView {
  readonly element: Element
  /** Shows what has become of the row. */
  update(): void
}

/** So much of the attributes is seen without opening the row. */
const ATTRIBUTES_LENGTH = 120

const attributesOf = ({ request }: Row) => {
  const text = toJson(request.attributes || {})
  return text === '{}' ? '' : text.slice(0, ATTRIBUTES_LENGTH)
}

/** A row of a list: closed, what it is and where it stands; open, the whole request. */
export const createRowView = (row: Row): RowView => {
  const time = el('time')
  const name = el('b')
  const attributes = el('code')
  const stage = el('span')
  const request = el('pre')
  const summary = el('summary', {}, time, ' ', row.method, ' ', name, attributes, stage)
  const details = el('details', {}, summary, request)
  /** What is shown, as text. */
  let shown = ''

  const show = () => {
    say(time, clock(row.time, Date.now()))
    say(name, subject(row))
    say(attributes, attributesOf(row))
    say(stage, standing(row))
    stage.className = `stage ${row.stage.replace(' ', '-')}`
    if (details.open) say(request, pretty(row.request))
  }
  on(details, 'toggle', show)

  return {
    element: el('li', {}, details),
    update() {
      const next = row.time + standing(row)
      if (next !== shown) show()
      shown = next
    },
  }
}

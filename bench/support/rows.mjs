import { summary } from './stats.mjs'

/**
 * A figure of the tag, and mostly that of what it is compared with.
 * @typedef {object} Row
 * @property {string} what
 * @property {string} unit
 * @property {ReturnType<typeof summary>} tag
 * @property {ReturnType<typeof summary>} [floor]
 * @property {string} [against] what the floor is
 * @property {number} [ratio] of the medians
 * @property {number} [limit] of the ratio, or, where there is none, of the figure
 */

/**
 * @param {{ what: string, unit?: string, tag: number[], floor?: number[], against?: string, limit?: number }} figures
 * @returns {Row}
 */
export function row({ what, unit = 'ms', tag, floor, against = 'bare fetch', limit }) {
  const ours = summary(tag)
  if (!floor) return { what, unit, tag: ours, limit }
  const theirs = summary(floor)
  const ratio = ours.median / theirs.median
  return { what, unit, tag: ours, floor: theirs, against, ratio, limit }
}

/** Whether a row keeps to its limit; undefined if it has none. */
export const keeps = ({ tag, ratio, limit }) =>
  limit === undefined ? undefined : (ratio ?? tag.median) <= limit

/** A number with three digits that count, at the most. */
export const number = value => {
  const size = Math.abs(value)
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)
}

/** The median, with its quartiles if there is more than one value. */
export const figure = ({ median, low, high, n }, unit) => {
  const value = `${number(median)} ${unit}`
  return n > 1 ? `${value} (${number(low)}–${number(high)})` : value
}

export const ratioText = ratio => `${number(ratio)} ×`

/** The limit of a row, or nothing. */
export const limitText = ({ unit, ratio, limit }) =>
  limit === undefined ? '' : `${limit} ${ratio === undefined ? unit : '×'}`

/** The same for Markdown: in bold type where it is not kept to. */
export const markedLimit = one => (keeps(one) === false ? `**${limitText(one)}**` : limitText(one))

/** A row for the console. */
export function rowText(one) {
  const { what, unit, tag, floor, against, ratio } = one
  const compared = floor ? `, ${against} ${number(floor.median)} ${unit}: ${ratioText(ratio)}` : ''
  return `${what}: ${number(tag.median)} ${unit}${compared} (limit ${limitText(one)})`
}

/** Markdown of a table of rows. */
export const rowsTable = rows =>
  table(
    ['', 'pw-tag', 'against', 'ratio', 'limit'],
    rows.map(one => [
      one.what,
      figure(one.tag, one.unit),
      one.floor ? `${one.against}: ${figure(one.floor, one.unit)}` : '',
      one.floor ? ratioText(one.ratio) : '',
      markedLimit(one),
    ]),
  )

/** Markdown of a table; all columns but the first are aligned to the right. */
export const table = (head, lines) =>
  [head, ['---', ...head.slice(1).map(() => '--:')], ...lines]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n')

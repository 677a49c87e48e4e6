const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The numbers of a segment (https://tc39.es/ecma426/#sec-base64-vlq): six bits a digit, the sign in the lowest. */
function decode(segment) {
  const numbers = []
  let value = 0
  let shift = 0
  for (const char of segment) {
    const digit = DIGITS.indexOf(char)
    value += (digit & 31) << shift
    shift += 5
    if (digit & 32) continue
    numbers.push(value & 1 ? -(value >> 1) : value >> 1)
    value = shift = 0
  }
  return numbers
}

/**
 * The code without what came from one source. What has no source of its own, belongs to the one before it.
 * @param {string} code
 * @param {{ mappings: string }} map
 * @param {number} index of the source in the map
 */
export function withoutSource(code, { mappings }, index) {
  const lines = code.split('\n')
  let source = 0
  return mappings
    .split(';')
    .map((segments, i) => {
      const starts = []
      let column = 0
      for (const segment of segments.split(',').filter(Boolean)) {
        const [columns, sources = 0] = decode(segment)
        column += columns
        source += sources
        starts.push({ column, source })
      }
      const head = lines[i].slice(0, starts[0]?.column)
      const parts = starts.map((start, j) =>
        start.source === index ? '' : lines[i].slice(start.column, starts[j + 1]?.column),
      )
      return head + parts.join('')
    })
    .join('\n')
}

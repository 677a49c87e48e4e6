/** An element with its properties, and children that are elements or text, never HTML. */
export function el(name, properties, ...children) {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi

/** A value as coloured JSON, indented or on one line. */
export function json(value, indent) {
  const lines = JSON.stringify(value, null, indent ?? 1)
  const text = indent ? lines : lines.replace(/\n */g, ' ')
  const pre = el('pre', { className: 'json' })
  let end = 0
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon] = match
    const shown = string ?? whole
    const className = colon ? 'key' : string ? 'string' : 'atom'
    pre.append(text.slice(end, match.index), el('span', { className }, shown))
    end = match.index + shown.length
  }
  pre.append(text.slice(end))
  return pre
}

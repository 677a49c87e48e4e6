/** For light pages and dark ones. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .head, .unit { fill: #57606a; font-size: 12px }
  .ours { font-weight: 600 }
  .end { text-anchor: end }
  .bar { fill: #afb8c1 }
  .ours.bar { fill: #0969da }
  .over.bar { fill: #bf8700 }
  .line { stroke: #57606a }
  .limit { stroke: #cf222e; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .head, .unit { fill: #8d96a0 }
    .bar { fill: #484f58 }
    .ours.bar { fill: #4493f8 }
    .over.bar { fill: #d29922 }
    .line { stroke: #8d96a0 }
    .limit { stroke: #ff7b72 }
  }`

const escapeXml = text => String(text).replace(/[&<]/g, char => `&#${char.charCodeAt(0)};`)

export const text = (x, y, content, kind = '') =>
  `<text x="${x}" y="${y}" class="${kind}">${escapeXml(content)}</text>`

export const bar = (x, y, width, height, kind = '') =>
  `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="${height}" rx="2" class="bar ${kind}"/>`

export const line = (x, y1, y2, kind) =>
  `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${y1}" y2="${y2}" class="${kind}"/>`

/** A line across. */
export const level = (x1, x2, y, kind) =>
  `<line x1="${x1.toFixed(1)}" x2="${x2.toFixed(1)}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" class="${kind}"/>`

export const path = (steps, kind) => `<path d="${steps}" class="${kind}"/>`

/** What the chart tells, for those who don't see it. */
export const description = content => `<desc>${escapeXml(content)}</desc>`

/** The whole chart. */
export const svg = (width, height, title, ...parts) =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')

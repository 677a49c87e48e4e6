// Makes RESULTS.md, the charts and the README's table of what has been measured last; `node bench/report.mjs` does that alone.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { findBrowsers } from '../test/support/browsers.mjs'
import { outageChart } from './charts/outage.mjs'
import { sizeChart } from './charts/size.mjs'
import { speedChart } from './charts/speed.mjs'
import { PARTS } from './parts/index.mjs'
import { figure, markedLimit, ratioText, table } from './support/rows.mjs'

const file = path => new URL(path, import.meta.url)
const read = path => readFileSync(file(path), 'utf8')

const readResults = () => JSON.parse(read('results.json'))

/** Keeps what a part has measured, and on what, in the place of what it measured before. */
export function keepResults(part, data) {
  const { chromium } = findBrowsers()
  const stdio = ['ignore', 'pipe', 'ignore']
  const browser = execFileSync(chromium, ['--version'], { encoding: 'utf8', stdio }).trim()
  const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${browser}`
  const date = new Date().toISOString().slice(0, 10)
  const results = { ...readResults(), [part]: { date, machine, data } }
  writeFileSync(file('results.json'), `${JSON.stringify(results, null, 1)}\n`)
}

/** The rows that have a limit, each with its part's name: those that were measured on pages, and those of the outage. */
const limited = results => ({
  onPages: ['main-thread', 'latency', 'drain'].flatMap(part => withLimit(part, results[part].data)),
  outage: withLimit('outage', results.outage.data.rows),
})

const withLimit = (part, rows) =>
  rows.filter(({ limit }) => limit !== undefined).map(row => ({ part, ...row }))

const isWhole = results => Object.keys(PARTS).every(part => results[part])

export function writeReport() {
  const results = readResults()
  writeFileSync(file('RESULTS.md'), resultsText(results))
  if (!isWhole(results)) return
  writeFileSync(file('size.svg'), sizeChart(results.size.data.files, results.delivery.data))
  writeFileSync(
    file('speed.svg'),
    speedChart(limited(results).onPages.filter(({ ratio }) => ratio !== undefined)),
  )
  writeFileSync(file('outage.svg'), outageChart(results.outage.data))
  const readme = read('../README.md')
  const marked = /(<!-- bench -->\n).*(<!-- \/bench -->)/s
  writeFileSync(
    file('../README.md'),
    readme.replace(marked, (_, begin, end) => `${begin}${summaryText(results)}\n${end}`),
  )
}

const resultsText = results =>
  [
    '# What was measured last',
    'Made by `npm run bench`; [README.md](README.md) tells what each part does. Medians, with quartiles in parentheses; a limit that is not kept to is in bold type.',
    ...Object.entries(PARTS)
      .filter(([name]) => results[name])
      .flatMap(([name, { title, text }]) => [
        `## ${title}`,
        `\`node bench/run.mjs ${name}\`, ${results[name].date}, ${results[name].machine}`,
        text(results[name].data),
      ]),
    '',
  ].join('\n\n')

function summaryText(results) {
  const { onPages, outage } = limited(results)
  const { visitors } = results.outage.data
  return [
    `Medians of ${Math.min(...onPages.map(({ tag }) => tag.n))} fresh pages, with quartiles in parentheses, and ${visitors.toLocaleString('en')} simulated visitors of an API that was away:`,
    '![Size of pw-tag and of its peers, and how many events each lost and doubled](bench/size.svg)',
    '![What pw-tag costs against a bare fetch](bench/speed.svg)',
    '![Requests before, in and after ten minutes without the API](bench/outage.svg)',
    table(
      ['', 'pw-tag', 'against', 'ratio', 'limit', 'printed by'],
      [...onPages, ...outage].map(row => [
        row.what,
        figure(row.tag, row.unit),
        row.floor ? `${row.against}: ${figure(row.floor, row.unit)}` : '',
        row.floor ? ratioText(row.ratio) : '',
        markedLimit(row),
        `\`node bench/run.mjs ${row.part}\``,
      ]),
    ),
  ].join('\n\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeReport()

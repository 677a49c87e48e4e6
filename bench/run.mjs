// `npm run bench`. With arguments, only the parts of these names: `node bench/run.mjs size latency`.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** Fresh pages for each figure; visitors for each scenario of `delivery`; those of `outage`. */
const PAGES = Number(process.env.PAGES ?? 10)
const VISITORS = Number(process.env.VISITORS ?? 5)
const HERD = Number(process.env.HERD ?? 100_000)

const COUNTS = { delivery: VISITORS, outage: HERD }

if (!existsSync(`${folder}node_modules`)) {
  // No package's own script is run: some would fetch a browser.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  execFileSync('npm', args, { cwd: folder, stdio: 'inherit' })
}

const { PARTS } = await import('./parts/index.mjs')
const { keepResults, writeReport } = await import('./report.mjs')

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(PARTS, name))
if (unknown.length) {
  console.error(`No part ${unknown.join(', ')}: there are ${Object.keys(PARTS).join(', ')}`)
  process.exit(2)
}

for (const [name, part] of Object.entries(PARTS)) {
  if (wanted.length && !wanted.includes(name)) continue
  const begun = Date.now()
  const data = await part.run(COUNTS[name] ?? PAGES)
  console.log(`\n## ${part.title} (${Math.round((Date.now() - begun) / 1000)} s)\n`)
  console.log(part.text(data))
  keepResults(name, data)
}
writeReport()

// `npm test`. With arguments, only the steps of these names: `node test/run.mjs unit e2e`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

// Tests in which it matters when things happen. Files side by side make each other late.
const TIMED = ['death', 'leaving', 'outage', 'pressure', 'soak', 'tabs']
const isTimed = path => TIMED.includes(basename(path, '.test.mjs'))

const bin = name => `${root}node_modules/.bin/${name}`

const testsIn = folder =>
  readdirSync(`${root}${folder}`, { recursive: true })
    .filter(name => name.endsWith('.test.mjs'))
    .sort()
    .map(name => `${folder}/${name}`)

const nodeTest = (files, ...options) => [
  process.execPath,
  '--enable-source-maps',
  '--test',
  '--test-reporter=spec',
  ...options,
  ...files,
]

const e2e = (condition, concurrency) =>
  nodeTest(testsIn('test/e2e').filter(condition), `--test-concurrency=${concurrency}`)

const STEPS = {
  browsers: () => [process.execPath, 'test/support/browsers.mjs'],
  lint: () => [bin('biome'), 'check'],
  types: () => [bin('tsc'), '--noEmit'],
  unit: () => nodeTest(testsIn('test/unit')),
  browser: () => [bin('wtr')],
  e2e: () => e2e(path => !isTimed(path), 2),
  timed: () => e2e(isTimed, 1),
  bench: () => [process.execPath, 'bench/check.mjs'],
}

// Side by side: the first mostly waits for the network.
const TOGETHER = ['browsers', 'lint', 'types', 'unit']

const seconds = since => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** Tells whether the step has passed. What it says comes at once, or, if `quiet`, at its end. */
async function run(name, quiet) {
  const begun = Date.now()
  const [command, ...args] = STEPS[name]()
  const title = `\n== ${name}`
  if (!quiet) console.log(title)
  const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit']
  const child = spawn(command, args, { cwd: root, stdio })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', data => said.push(data))
  const [code, signal] = await once(child, 'close')
  if (quiet) process.stdout.write(`${title}\n${Buffer.concat(said)}`)
  if (code === 0) console.log(`== ${name} passed in ${seconds(begun)}`)
  else console.error(`== ${name} FAILED after ${seconds(begun)} (${signal ?? `exit code ${code}`})`)
  return code === 0
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(STEPS, name))
if (unknown.length) {
  console.error(`No step ${unknown.join(', ')}: there are ${Object.keys(STEPS).join(', ')}`)
  process.exit(2)
}

const begun = Date.now()
const names = Object.keys(STEPS).filter(name => !wanted.length || wanted.includes(name))
const first = names.filter(name => TOGETHER.includes(name))
const passed = await Promise.all(first.map(name => run(name, first.length > 1)))
if (passed.includes(false)) process.exit(1)
for (const name of names.slice(first.length)) if (!(await run(name))) process.exit(1)
console.log(
  `\n${names.length} ${names.length === 1 ? 'step' : 'steps'} passed in ${seconds(begun)}`,
)

// `npm test`. With arguments, only the steps of these names: `node test/run.mjs unit e2e`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

// Files side by side make each other late, and what is tested is a matter of time.
const E2E_CONCURRENCY = 1

const bin = name => `${root}node_modules/.bin/${name}`

const testsIn = folder =>
  readdirSync(`${root}${folder}`, { recursive: true })
    .filter(name => name.endsWith('.test.mjs'))
    .sort()
    .map(name => `${folder}/${name}`)

const nodeTest = (folder, ...options) => [
  process.execPath,
  '--enable-source-maps',
  '--test',
  '--test-reporter=spec',
  ...options,
  ...testsIn(folder),
]

const STEPS = {
  browsers: () => [process.execPath, 'test/support/browsers.mjs'],
  lint: () => [bin('biome'), 'check'],
  types: () => [bin('tsc'), '--noEmit'],
  unit: () => nodeTest('test/unit'),
  browser: () => [bin('wtr')],
  e2e: () => nodeTest('test/e2e', `--test-concurrency=${E2E_CONCURRENCY}`),
}

const seconds = since => `${((Date.now() - since) / 1000).toFixed(1)} s`

async function run(name) {
  const begun = Date.now()
  const [command, ...args] = STEPS[name]()
  console.log(`\n== ${name}`)
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const [code, signal] = await once(child, 'exit')
  if (code === 0) return console.log(`== ${name} passed in ${seconds(begun)}`)
  console.error(`== ${name} FAILED after ${seconds(begun)} (${signal ?? `exit code ${code}`})`)
  process.exit(1)
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(STEPS, name))
if (unknown.length) {
  console.error(`No step ${unknown.join(', ')}: there are ${Object.keys(STEPS).join(', ')}`)
  process.exit(2)
}

const begun = Date.now()
const names = Object.keys(STEPS).filter(name => !wanted.length || wanted.includes(name))
for (const name of names) await run(name)
console.log(
  `\n${names.length} ${names.length === 1 ? 'step' : 'steps'} passed in ${seconds(begun)}`,
)

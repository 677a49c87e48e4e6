// `npm test`. With arguments, only the steps of these names: `node test/run.mjs unit e2e`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { wantedEngines } from './support/engine.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

// Tests in which it matters when things happen: not beside those that keep the processor busy.
const TIMED = ['death', 'hanging', 'leaving', 'outage', 'pressure', 'tabs']
const isTimed = path => TIMED.includes(basename(path, '.test.mjs'))
const SOAK = 'test/e2e/soak.test.mjs'

const bin = name => `${root}node_modules/.bin/${name}`

const testsIn = folder =>
  readdirSync(`${root}${folder}`, { recursive: true })
    .filter(name => name.endsWith('.test.mjs'))
    .sort()
    .map(name => `${folder}/${name}`)

const node = (...args) => ({ command: process.execPath, args })

const nodeTest = (...args) => node('--enable-source-maps', '--test-reporter=spec', ...args)

/** Deals `files` out to so many lanes. */
const deal = (files, lanes) =>
  Array.from({ length: lanes }, (_, lane) => files.filter((_, index) => index % lanes === lane))

// The engines side by side, each with one process for many files: launches cost more than most tests, and the tests of an
// engine mostly wait for it. `lanes`: how many processes where an engine has more than one.
const e2e = (condition, lanes = {}) =>
  wantedEngines.flatMap(engine =>
    deal(testsIn('test/e2e').filter(condition), lanes[engine] ?? 1).map(files => ({
      ...nodeTest('test/lane.mjs', ...files),
      env: { ENGINES: engine },
    })),
  )

/** The commands of each, which run side by side. */
const STEPS = {
  browsers: () => [node('test/support/browsers.mjs')],
  lint: () => [{ command: bin('biome'), args: ['check'] }],
  types: () => [{ command: bin('tsc'), args: ['--noEmit'] }],
  unit: () => [nodeTest('--test', '--test-concurrency=2', ...testsIn('test/unit'))],
  browser: () => [{ command: bin('wtr'), args: [] }],
  e2e: () => e2e(path => !isTimed(path) && path !== SOAK, { chromium: 2, firefox: 2 }),
  // The fewer at a time, the truer their times.
  timed: () => e2e(isTimed),
  soak: () => [nodeTest(SOAK)],
  bench: () => [node('bench/check.mjs')],
}

// Side by side.
const TOGETHER = ['lint', 'types', 'unit', 'browser']

const seconds = since => `${((Date.now() - since) / 1000).toFixed(1)} s`

/** What failed in a lane that ended long before the others is far above their ends: it is told again. */
const FAILED = /^✖ failing tests:.*/ms

/** Tells whether the step has passed. What it says comes at once, or, if `quiet`, at its end. */
async function run(name, quiet) {
  const begun = Date.now()
  const title = `\n== ${name}`
  if (!quiet) console.log(title)
  const ends = await Promise.all(STEPS[name]().map(command => execute(command, quiet)))
  if (quiet) console.log([title, ...ends.map(({ said }) => said)].join('\n'))
  const failures = ends.filter(({ how }) => how !== 'exit code 0')
  if (!failures.length) console.log(`== ${name} passed in ${seconds(begun)}`)
  else {
    for (const { said } of failures)
      for (const again of said.match(FAILED) ?? []) console.error(again)
    const hows = failures.map(({ how }) => how).join(', ')
    console.error(`== ${name} FAILED after ${seconds(begun)} (${hows})`)
  }
  return !failures.length
}

/** Gives how it ended, and what it said. That goes out at once, too, unless `quiet`. */
async function execute({ command, args, env }, quiet) {
  const stdio = ['ignore', 'pipe', 'pipe']
  const child = spawn(command, args, { cwd: root, stdio, env: { ...process.env, ...env } })
  const said = []
  for (const name of ['stdout', 'stderr']) {
    child[name].on('data', data => {
      said.push(data)
      if (!quiet) process[name].write(data)
    })
  }
  const [code, signal] = await once(child, 'close')
  return { how: signal ?? `exit code ${code}`, said: Buffer.concat(said).toString() }
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !Object.hasOwn(STEPS, name))
if (unknown.length) {
  console.error(`No step ${unknown.join(', ')}: there are ${Object.keys(STEPS).join(', ')}`)
  process.exit(2)
}

const begun = Date.now()
const names = Object.keys(STEPS).filter(name => !wanted.length || wanted.includes(name))
const together = names.filter(name => TOGETHER.includes(name))
for (const name of names) {
  if (together.includes(name) && name !== together[0]) continue
  const now = name === together[0] ? together : [name]
  const passed = await Promise.all(now.map(one => run(one, now.length > 1)))
  if (passed.includes(false)) process.exit(1)
}
console.log(
  `\n${names.length} ${names.length === 1 ? 'step' : 'steps'} passed in ${seconds(begun)}`,
)

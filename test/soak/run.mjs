// `npm run soak -- --engine firefox --seconds 600 --seed 7`: a visitor's random walk in a real browser.
import { parseArgs } from 'node:util'
import { ENGINES } from '../support/engine.mjs'
import { soak } from './soak.mjs'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'chromium' },
    seconds: { type: 'string', default: '180' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
const { engine } = values
const seconds = Number(values.seconds)
const seed = Number(values.seed)
if (!ENGINES.includes(engine) || !(seconds > 0) || !Number.isInteger(seed)) {
  console.error(`--engine ${ENGINES.join(' | ')} --seconds 180 --seed 1`)
  process.exit(2)
}

console.log(`${engine}, ${seconds} s: --seed ${seed} plays it again`)
const { called, delivered, lost, doubled, forgiven, strange, errors, visits, tell } = await soak({
  engine,
  seconds,
  seed,
})
for (const name of [...lost, ...doubled].slice(0, 5)) console.log(`\n${name}:\n${tell(name)}\n`)
const wrong = { lost, doubled, strange, errors }
for (const [what, list] of Object.entries(wrong)) if (list.length) console.log(what, list)
for (const [why, n] of Object.entries(forgiven)) console.log(`forgiven ${n}: ${why}`)
console.log(`at the end ${visits} ${visits === 1 ? 'visit' : 'visits'} until nothing was missing`)
console.log(
  `called ${called}, delivered ${delivered}, lost ${lost.length}, doubled ${doubled.length}`,
)
process.exit(Object.values(wrong).some(list => list.length) ? 1 : 0)

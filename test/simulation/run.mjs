// `npm run simulate`: `--visits 100000 --seed 1` for how long and from where; `--seed 7 --history` tells all that happens in
// one history; `--keep-going` looks for more breaks after the first.
import { parseArgs } from 'node:util'
import { loadCode } from './code.mjs'
import { shrink } from './shrink.mjs'
import { live, simulate } from './simulate.mjs'
import { describeAction, describeBreak, describeNotes } from './tell.mjs'
import { walk } from './walk.mjs'

const { values: options } = parseArgs({
  options: {
    visits: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    history: { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
  },
})

const code = await loadCode()

const tellHistory = async seed => {
  const history = walk(seed)
  const { ledger, notes } = await live(code, history, { notes: [] })
  console.log(`World: ${JSON.stringify(history.traits)}`)
  console.log(history.actions.map(describeAction).join('\n'))
  console.log(describeNotes(notes, {}).join('\n'))
  if (ledger.broken) console.log(`${ledger.broken.promise}: ${ledger.broken.detail}`)
  return !ledger.broken
}

const tellBreak = async ({ seed, broken }) => {
  if (options['keep-going']) return console.log(`${seed}: ${broken.promise}: ${broken.detail}`)
  const shortest = await shrink(code, walk(seed), broken.promise)
  const { ledger, notes } = await live(code, shortest, { notes: [] })
  console.log(describeBreak(seed, shortest, notes, ledger.broken))
}

const run = async visits => {
  const begun = performance.now()
  let done = 0
  let seed = +options.seed
  let whole = true
  while (done < visits && (whole || options['keep-going'])) {
    const result = await simulate(code, { seed, visits: visits - done })
    done += result.visits
    const { broken, ...counts } = result
    console.log(JSON.stringify(counts))
    if (!broken) break
    whole = false
    await tellBreak(result)
    seed = result.seed + 1
  }
  const minutes = (performance.now() - begun) / 60_000
  console.log(`${done} visits, ${Math.round(done / minutes)} a minute`)
  return whole
}

const whole = options.history ? await tellHistory(+options.seed) : await run(+options.visits)
if (!whole) process.exitCode = 1

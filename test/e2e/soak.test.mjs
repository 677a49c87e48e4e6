// A short walk at random: the long one is `npm run soak`.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { soak } from '../soak/soak.mjs'
import { wantedEngines } from '../support/engine.mjs'

const skip = !wantedEngines.includes('chromium')

test('a visitor walks at random [chromium]', { skip, timeout: 120_000 }, async t => {
  const seed = 5
  const { called, delivered, lost, doubled, strange, errors, tell } = await soak({
    seconds: 12,
    seed,
  })
  t.diagnostic(`seed ${seed}: called ${called}, delivered ${delivered}`)
  for (const name of [...lost, ...doubled].slice(0, 3)) t.diagnostic(`${name}:\n${tell(name)}`)
  assert.deepEqual(
    { lost, doubled, strange, errors },
    { lost: [], doubled: [], strange: [], errors: [] },
  )
})

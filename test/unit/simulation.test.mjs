import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadCode } from '../simulation/code.mjs'
import { mutations } from '../simulation/mutations.mjs'
import { shrink } from '../simulation/shrink.mjs'
import { live, simulate } from '../simulation/simulate.mjs'
import { describeBreak } from '../simulation/tell.mjs'
import { restless, walk } from '../simulation/walk.mjs'

const VISITS = 5_000

/** By then every planted bug has been found. */
const VISITS_WITH_A_BUG = 5_000

/** Tells a break as `npm run simulate` does. */
const story = async (code, { seed, broken }) => {
  const shortest = await shrink(code, walk(seed), broken.promise)
  const { ledger, notes } = await live(code, shortest, { notes: [] })
  return describeBreak(seed, shortest, notes, ledger.broken)
}

describe('simulation', () => {
  test(`no promise breaks in ${VISITS} visits`, async () => {
    const code = await loadCode()
    const result = await simulate(code, { visits: VISITS })
    assert.equal(result.broken && (await story(code, result)), undefined)
    assert.ok(result.called > VISITS)
  })

  test('no promise breaks for who stays nowhere for long', async () => {
    const code = await loadCode()
    const result = await simulate(code, { visits: VISITS, odds: restless })
    assert.equal(result.broken?.detail, undefined)
  })

  test('a seed makes the same history twice', async () => {
    const code = await loadCode()
    const [one, two] = [
      await live(code, walk(7), { notes: [] }),
      await live(code, walk(7), { notes: [] }),
    ]
    assert.deepEqual(one.notes, two.notes)
  })

  for (const mutation of mutations) {
    test(`finds a planted bug: without ${mutation.name}`, async () => {
      const code = await loadCode(mutation)
      const { breaks: promises, traits, odds } = mutation
      const { broken } = await simulate(code, { visits: VISITS_WITH_A_BUG, promises, traits, odds })
      assert.ok(broken)
    })
  }

  test('a mutation that changes nothing fails', async () => {
    await assert.rejects(loadCode({ file: 'outbox.ts', find: 'no such text', replace: '' }))
  })
})

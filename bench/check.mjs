// The ratios that are stable enough for CI, in a short run: fails where one is beyond three times its limit, which a few pages on
// a machine that does other things too may miss. Needs no package of bench.
import { measureCall, measureCallAway } from './measure/click.mjs'
import { drainByFetch, drainByTag } from './measure/drain.mjs'
import { burstTasks, drainTasks } from './measure/tasks.mjs'
import { alternate } from './support/alternate.mjs'
import { LIMITS } from './support/limits.mjs'
import { keeps, row, rowText } from './support/rows.mjs'
import { withStage } from './support/stage.mjs'

/** How far beyond its limit something has to be. */
const SLACK = 3

const CHECKS = [
  async stage => {
    const { tag, bare } = await alternate(2, {
      bare: () => measureCall(stage, 'byFetch'),
      tag: () => measureCall(stage, 'byTag'),
    })
    return row({ what: 'event in a click handler', tag, floor: bare, limit: LIMITS.call * SLACK })
  },
  async stage => {
    const { few, many } = await alternate(1, {
      few: () => measureCallAway(stage, 1),
      many: () => measureCallAway(stage, 900),
    })
    return row({
      what: 'the same, API away, 900 waiting',
      tag: many,
      floor: few,
      against: '1 waiting',
      limit: LIMITS.backlog * SLACK,
    })
  },
  async stage => {
    const { tag, bare } = await alternate(1, {
      bare: () => drainByFetch(stage, 500, 1),
      tag: () => drainByTag(stage, 500, 1),
    })
    return row({
      what: '500 events after an outage',
      tag,
      floor: bare,
      against: 'loop of bare fetch',
      limit: LIMITS.drain * SLACK,
    })
  },
  async stage => {
    const { caller, others } = await drainTasks(stage, 500)
    return row({
      what: 'longest task in that (CPU)',
      tag: [Math.max(caller, others)],
      limit: LIMITS.task * SLACK,
    })
  },
  async stage => {
    const { others } = await burstTasks(stage, 'byTag', 300)
    return row({
      what: 'longest task after 300 events in one (CPU)',
      tag: [others],
      limit: LIMITS.task * SLACK,
    })
  },
]

/** Once more where it is beyond its limit, as the machine may have been busy with something else. */
async function measure(stage, check) {
  const first = await check(stage)
  if (keeps(first)) return first
  const second = await check(stage)
  return keeps(second) ? second : first
}

const begun = Date.now()
const failed = await withStage(async stage => {
  let beyond = 0
  for (const check of CHECKS) {
    const one = await measure(stage, check)
    console.log(`${keeps(one) ? 'ok    ' : 'BEYOND'} ${rowText(one)}`)
    if (!keeps(one)) beyond++
  }
  return beyond
})
console.log(`in ${Math.round((Date.now() - begun) / 1000)} s`)
console.log(`${CHECKS.length - failed} passed, ${failed} failed`)
process.exitCode = failed ? 1 : 0

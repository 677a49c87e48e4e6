import { measureCall, measureClick, measureClickAway } from '../measure/click.mjs'
import { measureHeap } from '../measure/heap.mjs'
import { measureLoad } from '../measure/load.mjs'
import { burstTasks, drainTasks } from '../measure/tasks.mjs'
import { alternate } from '../support/alternate.mjs'
import { LIMITS } from '../support/limits.mjs'
import { row, rowsTable } from '../support/rows.mjs'
import { withStage } from '../support/stage.mjs'
import { median } from '../support/stats.mjs'

/** Of the CPU time of a click, what is more than that of one that does nothing. */
const more = (results, base) => results.map(({ whole }) => whole - base)

const pick = (results, field) => results.map(result => result[field])

/** What the tag costs the page's main thread. */
export const mainThread = {
  title: 'Main thread',
  run: pages =>
    withStage(async stage => {
      const { rows, base } = await clickRows(stage, pages)
      return [
        ...rows,
        ...(await awayRows(stage, pages, base)),
        ...(await loadRows(stage, pages)),
        ...(await heapRows(stage, pages)),
        ...(await taskRows(stage, pages)),
      ]
    }),
  text: rowsTable,
}

async function clickRows(stage, pages) {
  const { nothing, tag, bare, read, least, unknown } = await alternate(pages, {
    nothing: () => measureClick(stage, 'byNothing'),
    bare: () => measureClick(stage, 'byFetch'),
    tag: () => measureClick(stage, 'byTag'),
    read: () => measureClick(stage, 'byFetchRead'),
    least: () => measureCall(stage, 'byLeast'),
    unknown: () => measureCall(stage, 'byUnknown'),
  })
  const base = median(pick(nothing, 'whole'))
  const whole = results => more(results, base)
  const rows = [
    row({
      what: 'event, its call in a click handler',
      tag: pick(tag, 'later'),
      floor: pick(bare, 'later'),
      limit: LIMITS.call,
    }),
    row({
      what: 'the same where the call only copies its attributes, and asks for a frame',
      tag: least,
      floor: pick(bare, 'later'),
    }),
    row({
      what: 'the same where the call only comes to the tag (an unknown command)',
      tag: unknown,
      floor: pick(bare, 'later'),
    }),
    row({
      what: 'event, its call in a click handler, the first of the page',
      tag: pick(tag, 'first'),
      floor: pick(bare, 'first'),
    }),
    row({
      what: 'event, all that it leads to (CPU)',
      tag: whole(tag),
      floor: whole(bare),
      limit: LIMITS.whole,
    }),
    row({
      what: 'event, all that it leads to (CPU)',
      tag: whole(tag),
      floor: whole(read),
      against: 'bare fetch that reads the answer',
    }),
  ]
  return { rows, base }
}

async function awayRows(stage, pages, base) {
  const { few, many } = await alternate(pages, {
    few: () => measureClickAway(stage, 1),
    many: () => measureClickAway(stage, 900),
  })
  const against = '1 waiting'
  const limit = LIMITS.backlog
  return [
    row({
      what: 'event while the API is away, 900 waiting: its call',
      tag: pick(many, 'later'),
      floor: pick(few, 'later'),
      against,
      limit,
    }),
    row({
      what: 'event while the API is away, 900 waiting: all that it leads to (CPU)',
      tag: more(many, base),
      floor: more(few, base),
      against,
      limit,
    }),
  ]
}

async function loadRows(stage, pages) {
  const { tag, bare } = await alternate(pages, {
    bare: () => measureLoad(stage, 'bare'),
    tag: () => measureLoad(stage, 'tag'),
  })
  return ['first', 'later'].flatMap(visit => {
    const [ours, theirs] = [pick(tag, visit), pick(bare, visit)]
    const against = 'an empty script'
    return [
      row({
        what: `evaluating pw.js, ${visit} visit (CPU)`,
        tag: pick(ours, 'evaluate'),
        floor: pick(theirs, 'evaluate'),
        against,
      }),
      row({ what: `the call of init, ${visit} visit`, tag: pick(ours, 'init') }),
      row({
        what: `loading the page, ${visit} visit (CPU)`,
        tag: pick(ours, 'whole'),
        floor: pick(theirs, 'whole'),
        against,
      }),
    ]
  })
}

async function heapRows(stage, pages) {
  const { tag, bare } = await alternate(pages, {
    bare: () => measureHeap(stage, 'byFetchRead'),
    tag: () => measureHeap(stage, 'byTag'),
  })
  const kilobytes = list => list.map(bytes => bytes / 1024)
  return [
    row({
      what: 'heap that 1,000 events leave',
      unit: 'KB',
      tag: kilobytes(tag),
      floor: kilobytes(bare),
    }),
  ]
}

async function taskRows(stage, pages) {
  const { tag, bare, drain } = await alternate(pages, {
    bare: () => burstTasks(stage, 'byFetchRead', 1000),
    tag: () => burstTasks(stage, 'byTag', 1000),
    drain: () => drainTasks(stage, 500),
  })
  return [
    row({
      what: '1,000 events called in one task: that task (CPU)',
      tag: pick(tag, 'caller'),
      floor: pick(bare, 'caller'),
      against: `bare fetch, of which ${median(pick(bare, 'arrived'))} come through`,
    }),
    row({
      what: '1,000 events called in one task: the longest after that (CPU)',
      tag: pick(tag, 'others'),
      limit: LIMITS.task,
    }),
    row({
      what: '500 events after an outage: the longest task (CPU)',
      tag: drain.map(({ caller, others }) => Math.max(caller, others)),
      limit: LIMITS.task,
    }),
  ]
}

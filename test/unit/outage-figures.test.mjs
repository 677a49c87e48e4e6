import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, CLOCK, secondOf } from '../../bench/outage/clock.mjs'
import { buckets, figuresOf } from '../../bench/outage/figures.mjs'
import { newTally } from '../../bench/outage/tally.mjs'

const AWAY = secondOf(at(CLOCK.away))
const BACK = secondOf(at(CLOCK.back))

const tallyOf = fill => {
  const tally = newTally()
  fill(tally)
  return tally
}

const every = (list, count, from, to) => list.fill(count, from, to)

test('rates are those of the time before, the time without the API, and the time after', () => {
  const { normal, away, afterMinute } = figuresOf(
    tallyOf(({ failed, late, live }) => {
      every(live, 10, 0, AWAY)
      every(failed, 4, AWAY, BACK)
      every(live, 10, BACK)
      every(late, 5, BACK, BACK + 60)
    }),
  )
  assert.deepEqual([normal, away, afterMinute], [10, 4, { rate: 15, begin: 0 }])
})

test('the worst minute may begin at any second', () => {
  const { afterMinute, afterTenSeconds } = figuresOf(
    tallyOf(({ late }) => every(late, 7, BACK + 37, BACK + 97)),
  )
  assert.deepEqual(afterMinute, { rate: 7, begin: 37 })
  assert.equal(afterTenSeconds, 7)
})

test('a backlog is gone when the last of it is', () => {
  const { secondsUntilMost, secondsUntilAll } = figuresOf(
    tallyOf(tally => {
      tally.there = tally.waits[BACK] = 200
      tally.waits[BACK + 20] = -197
      tally.waits[BACK + 30] = -1
      tally.waits[BACK + 250] = -2
    }),
  )
  assert.deepEqual([secondsUntilMost, secondsUntilAll], [30, 250])
})

test('nothing waits where nothing waited', () => {
  assert.equal(figuresOf(newTally()).secondsUntilAll, 0)
})

test('buckets add up so many seconds each', () => {
  const { live } = tallyOf(tally => every(tally.live, 2, AWAY))
  assert.deepEqual(buckets(live, CLOCK.away - 1, CLOCK.away + 1, 30), [0, 0, 60, 60])
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import '../support/ts.mjs'

const { localDate, offsetSeconds, wireTimes } = await import('../../src/clock.ts')

const zoneOfThisProcess = process.env.TZ
after(() => {
  if (zoneOfThisProcess === undefined) delete process.env.TZ
  else process.env.TZ = zoneOfThisProcess
})

// Node takes a new zone from the next Date on, as a browser does while a page is open.
const inZone = (zone, time) => {
  process.env.TZ = zone
  return offsetSeconds(Date.parse(time))
}

const offsets = [
  ['UTC', '2026-01-15T12:00:00Z', 0],
  ['Asia/Kathmandu', '2026-01-15T12:00:00Z', 20_700],
  ['Asia/Kolkata', '2026-01-15T12:00:00Z', 19_800],
  ['America/St_Johns', '2026-01-15T12:00:00Z', -12_600],
  ['America/St_Johns', '2026-07-15T12:00:00Z', -9_000],
  ['Pacific/Chatham', '2026-01-15T12:00:00Z', 49_500],
  ['Pacific/Chatham', '2026-07-15T12:00:00Z', 45_900],
  ['Europe/Moscow', '2026-01-15T12:00:00Z', 10_800],
  ['Europe/Moscow', '2012-01-15T12:00:00Z', 14_400],
  ['America/New_York', '2026-03-08T06:59:59Z', -18_000],
  ['America/New_York', '2026-03-08T07:00:00Z', -14_400],
  ['America/New_York', '2026-11-01T05:59:59Z', -14_400],
  ['America/New_York', '2026-11-01T06:00:00Z', -18_000],
]

for (const [zone, time, seconds] of offsets) {
  test(`the offset of ${zone} at ${time} is ${seconds} s`, () => {
    // JSON knows no -0.
    assert.equal(JSON.stringify(inZone(zone, time)), String(seconds))
  })
}

test('offsets of local mean times are whole seconds', () => {
  for (const zone of ['Asia/Kathmandu', 'America/New_York', 'Europe/Amsterdam']) {
    const seconds = inZone(zone, '1870-01-01T00:00:00Z')
    assert.ok(Number.isInteger(seconds) && seconds !== 0, `${zone}: ${seconds}`)
  }
})

test('rounds where an engine gives fractions of a minute', t => {
  // Like what Chromium says of Asia/Kathmandu in 1899, -341.26666666666665; Node may cut the seconds off.
  t.mock.method(Date.prototype, 'getTimezoneOffset', () => -341.2612)
  assert.equal(offsetSeconds(0), 20_476)
})

test('writes dates as the mobile SDKs do, in local time', () => {
  process.env.TZ = 'Asia/Kathmandu'
  assert.equal(localDate(Date.parse('2026-02-28T18:14:59.999Z')), '2026-02-28 23:59')
  assert.equal(localDate(Date.parse('2026-02-28T18:15:00Z')), '2026-03-01 00:00')
  process.env.TZ = 'America/New_York'
  assert.equal(localDate(Date.parse('2026-03-08T06:59:00Z')), '2026-03-08 01:59')
  assert.equal(localDate(Date.parse('2026-03-08T07:00:00Z')), '2026-03-08 03:00')
})

test('the times of a request are whole seconds, the local one by the offset of the call', () => {
  process.env.TZ = 'America/St_Johns'
  assert.deepEqual(wireTimes(1_767_225_599_999), {
    timestampUTC: 1_767_225_599,
    timestampCurrent: 1_767_225_599 - 12_600,
  })
})

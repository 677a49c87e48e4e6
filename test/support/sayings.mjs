// What `debug` says, for the unit tests of the panel.
import './ts.mjs'

const { createHistory } = await import('../../src/panel/history.ts')
const { standing, subject } = await import('../../src/panel/text.ts')

/** When all is said. */
export const T = Date.parse('2026-03-01T12:00:00Z')
const HWID = '0123456789abcdef0123456789abcdef'
export const STATE = {
  application: 'AAAAA-BBBBB',
  hwid: HWID,
  userId: null,
  consent: 'granted',
  waiting: 0,
  version: '1.2.3',
}

/** The `request` of an event. */
export const eventRequest = (event, attributes = {}, at = T) => ({
  application: 'AAAAA-BBBBB',
  hwid: HWID,
  device_type: 11,
  event,
  attributes,
  timestampUTC: Math.floor(at / 1000),
  timestampCurrent: Math.floor(at / 1000),
})
export const registration = userId => ({
  application: 'AAAAA-BBBBB',
  hwid: HWID,
  ...(userId && { userId }),
  device_type: 11,
  tz_offset: 0,
})

let ids = 0
/** A record of the outbox with that request. */
export const record = (request, more = {}) => ({
  id: `AAAAA-BBBBB|1|${++ids}`,
  method: 'event' in request ? 'postEvent' : 'registerUser',
  body: JSON.stringify({ request }),
  time: T + ++ids / 1024,
  attempts: 0,
  ...more,
})
/** What is said at the end of a record. */
export const endOf = ({ method, body, attempts }, type, more = {}) => [
  T + 100,
  `${method} ${type}`,
  { type, method, request: JSON.parse(body).request, attempts, ...more },
]
export const call = (...args) => [T, 'call', args]
export const waiting = one => [T, 'waiting', one]
export const flying = one => [T, 'in flight', one]

/** The history of what has been said. */
export const noted = (...sayings) => {
  const history = createHistory()
  for (const saying of sayings) history.note(saying)
  return history
}
/** What its rows say. */
export const seen = ({ rows }) => rows.map(row => [subject(row), standing(row)])

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findFault } from '../../demo/rules.mjs'
import '../support/ts.mjs'

const { requestBody } = await import('../../src/request.ts')

const registerBody = (who, offset) => requestBody(who, { tz_offset: offset })
const eventBody = (who, event, attributes) =>
  requestBody(who, { event, attributes: JSON.parse(attributes), ...TIMES })

const caller = {
  application: 'AAAAA-BBBBB',
  hwid: '0123456789abcdef0123456789abcdef',
  deviceType: 12,
  // What else a caller may be made of never gets onto the wire.
  token: 'secret',
  endpoint: 'https://api.test',
  consent: 'granted',
  clicks: true,
  debug: true,
}
const TIMES = { timestampUTC: 1_767_225_599, timestampCurrent: 1_767_229_199 }

const read = body => {
  const { request, ...rest } = JSON.parse(body)
  assert.deepEqual(rest, {})
  return request
}

test('registerUser with a user', () => {
  const request = read(registerBody({ ...caller, userId: '007' }, 20_700))
  assert.deepEqual(request, {
    application: 'AAAAA-BBBBB',
    hwid: '0123456789abcdef0123456789abcdef',
    userId: '007',
    tz_offset: 20_700,
    device_type: 12,
  })
  assert.equal(findFault('registerUser', request), undefined)
})

test('a device type that was given as text is a number on the wire', () => {
  assert.equal(read(registerBody({ ...caller, deviceType: '12' }, 0)).device_type, 12)
})

test('registerUser without a user has no field for one', () => {
  const request = read(registerBody(caller, -12_600))
  assert.deepEqual(request, {
    application: 'AAAAA-BBBBB',
    hwid: '0123456789abcdef0123456789abcdef',
    tz_offset: -12_600,
    device_type: 12,
  })
  assert.equal(findFault('registerUser', request), undefined)
})

test('postEvent with a user and attributes', () => {
  const body = eventBody({ ...caller, userId: 'x' }, 'Sold "out"', '{"n":[1,null]}')
  const request = read(body)
  assert.deepEqual(request, {
    application: 'AAAAA-BBBBB',
    hwid: '0123456789abcdef0123456789abcdef',
    userId: 'x',
    device_type: 12,
    event: 'Sold "out"',
    ...TIMES,
    attributes: { n: [1, null] },
  })
  assert.equal(findFault('postEvent', request), undefined)
})

test('postEvent without a user, and without attributes, has {}', () => {
  const request = read(eventBody(caller, 'E', '{}'))
  assert.deepEqual(Object.keys(request).sort(), [
    'application',
    'attributes',
    'device_type',
    'event',
    'hwid',
    'timestampCurrent',
    'timestampUTC',
  ])
  assert.deepEqual(request.attributes, {})
  assert.equal(findFault('postEvent', request), undefined)
})

test('hostile prototypes change no body', t => {
  const bodies = () => [
    registerBody({ ...caller, userId: 'u' }, 0),
    eventBody({ ...caller, userId: 'u' }, 'E', '{"a":1}'),
  ]
  const expected = bodies()
  const kinds = [Array, Object, String, Number]
  for (const { prototype } of kinds) prototype.toJSON = () => 'hostile'
  t.after(() => {
    for (const { prototype } of kinds) delete prototype.toJSON
  })
  const changed = bodies()
  for (const { prototype } of kinds) delete prototype.toJSON
  assert.deepEqual(changed, expected)
})

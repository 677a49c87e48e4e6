const DEVICE_TYPES = [1, 3, 7, 8, 9, 10, 11, 12, 17, 18, 19, 21]

const isText = value => typeof value === 'string' && value !== ''
const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value)

const rule = (test, wants) => ({ test, wants })
const text = rule(isText, 'must be a non-empty string')
const integer = rule(Number.isSafeInteger, 'must be an integer')
const object = rule(isObject, 'must be an object')
const application = rule(
  value => isText(value) && /^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(value),
  'must be an application code like XXXXX-XXXXX',
)
const deviceType = rule(
  value => DEVICE_TYPES.includes(value),
  `must be one of ${DEVICE_TYPES.join(', ')}`,
)

const METHODS = {
  registerUser: {
    required: { application, hwid: text },
    optional: { userId: text, tz_offset: integer, device_type: deviceType },
  },
  postEvent: {
    required: { application, hwid: text, event: text, attributes: object },
    optional: {
      userId: text,
      device_type: deviceType,
      timestampUTC: integer,
      timestampCurrent: integer,
    },
  },
}

/**
 * The `request` in a body, or an explanation of what is malformed about it (an HTTP 400 in the API).
 * @param {Buffer} bytes
 * @returns {{ request?: object, malformed?: string }}
 */
export function parseBody(bytes) {
  let body
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return { malformed: 'The body is not JSON in UTF-8' }
  }
  if (!isObject(body) || !isObject(body.request) || Object.keys(body).length !== 1) {
    return { malformed: 'The body must be {"request": {…}} and nothing else' }
  }
  return { request: body.request }
}

/**
 * What is wrong with the first wrong field of a request (a `status_code` 210 in the API), or undefined.
 * @param {'registerUser' | 'postEvent'} method
 * @param {object} request
 * @returns {string | undefined}
 */
export function findFault(method, request) {
  const { required, optional } = METHODS[method]
  for (const [field, { test, wants }] of Object.entries({ ...required, ...optional })) {
    if (Object.hasOwn(request, field)) {
      if (!test(request[field])) return `${field} ${wants}`
    } else if (Object.hasOwn(required, field)) {
      return `${field} is missing`
    }
  }
  const known = { ...required, ...optional }
  const unknown = Object.keys(request).find(field => !Object.hasOwn(known, field))
  return unknown === undefined ? undefined : `${unknown} is not a field of ${method}`
}

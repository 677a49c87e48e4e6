// The ways to send an event that are compared. The page has `caller`: who calls, and where to.
const attributes = () => ({
  product: 'Blue jeans',
  price: 49.9,
  currency: 'EUR',
  quantity: 2,
  isMember: true,
})

/** What the tag sends, byte for byte but for the HWID, the times and the name. */
const bareBody = event => {
  const time = Date.now()
  const timestampUTC = Math.floor(time / 1000)
  const request = {
    application: caller.application,
    hwid: caller.hwid,
    device_type: caller.deviceType,
    event,
    attributes: attributes(),
    timestampUTC,
    timestampCurrent: timestampUTC - new Date(time).getTimezoneOffset() * 60,
  }
  return JSON.stringify({ request })
}

const byNothing = () => {}
const WAIT_MS = 5
/** Costs what is known beforehand, which `verify.mjs` measures. */
const byWaiting = () => {
  const end = performance.now() + WAIT_MS
  while (performance.now() < end);
}
const byFetchLate = name => {
  byWaiting()
  return byFetchRead(name)
}
const byTag = name => pw('event', name, attributes())
/** All the way to the tag, which finds that it has no such command. */
const byUnknown = () => pw('unknown')
let copied
/** The least that a call does which puts its work off: it copies what the page may change, and asks for a frame, or a time if none comes. */
const byLeast = () => {
  copied = JSON.stringify(attributes())
  requestAnimationFrame(() => setTimeout(byNothing))
  setTimeout(byNothing, 100)
}
const byFetch = name =>
  fetch(`${caller.endpoint}/postEvent`, { method: 'POST', body: bareBody(name), keepalive: true })
const byFetchRead = async name => (await byFetch(name)).json()

const registerByFetch = userId => {
  const { application, hwid, deviceType, token, endpoint } = caller
  const tz_offset = -new Date().getTimezoneOffset() * 60
  const request = { application, hwid, userId, device_type: deviceType, tz_offset }
  return fetch(`${endpoint}/registerUser`, {
    method: 'POST',
    headers: { Authorization: `Token ${token}` },
    body: JSON.stringify({ request }),
    keepalive: true,
  })
}

/** Sends these, so many at a time. */
const sendAll = async (names, concurrency) => {
  const waiting = [...names]
  const work = async () => {
    while (waiting.length) await byFetchRead(waiting.shift())
  }
  await Promise.all(Array.from({ length: concurrency }, work))
}

let calledAt
const called = (by, name) => {
  calledAt = performance.now()
  by(name)
}

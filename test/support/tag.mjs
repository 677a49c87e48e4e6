// What tests of the tag do on its pages.

/** The address of a page with the stub; `script` runs after it and `init`, mostly before `pw.js` is there. */
export const stubPage = ({ site, options }, script = '', query = {}) =>
  site.page({ stub: 1, init: options, body: `<script>${script}</script>`, ...query })

/** Waits until `pw.js` has taken over. */
export const loaded = page => page.waitFor('!!(window.pw && pw.v)')

/** What `pw('get')` tells, once the tag is there. */
export const state = page => page.evaluate('new Promise(done => pw("get", done))')

/** What `pw('flush')` tells. */
export const flush = (page, ms = 10_000) =>
  page.evaluate(`new Promise(done => pw("flush", done, ${ms}))`)

/** What the tag has warned of on this page. */
export const warnings = async page =>
  (await page.evaluate('__console')).filter(line => /^warn: \[pw-tag\]/.test(line))

/** The requests of a method that the API took, or was asked to. */
export const taken = (api, method = 'postEvent') => api.accepted(method).map(r => r.request)
export const asked = (api, method) => api.requests.filter(r => r.method === method)

/** Names of the events that the API took, in order of the alphabet: requests may overtake each other. */
export const names = api =>
  taken(api)
    .map(({ event }) => event)
    .sort()

export const NONCE = 'n0nce'

// Runs before all else on a page. It tells the server too, as a page may be gone when a test asks it.
const RECORDER = `(function () {
  var errors = window.__errors = [], said = window.__console = []
  var beacon = navigator.sendBeacon && navigator.sendBeacon.bind(navigator)
  function note(text) {
    errors.push(text)
    if (beacon) beacon('/errors', location.pathname + location.search + ': ' + text)
  }
  addEventListener('error', function (event) {
    if (event.message) note(event.message)
  })
  addEventListener('unhandledrejection', function (event) {
    note('unhandled: ' + (event.reason && event.reason.message || event.reason))
  })
  addEventListener('securitypolicyviolation', function (event) {
    note('policy: ' + event.violatedDirective + ' ' + event.blockedURI)
  })
  ;['log', 'info', 'warn', 'error', 'debug'].forEach(function (level) {
    var original = console[level]
    console[level] = function () {
      said.push(level + ': ' + [].map.call(arguments, String).join(' '))
      return original.apply(console, arguments)
    }
  })
})()`

/**
 * The HTML of a page of the site under test, from the query of its address, so that a person can open it too:
 *
 * - `stub=1`: the inline stub, with `src` for its PW_SRC; else a plain script element if there is a `src`
 * - `data-…`: the script element's attributes
 * - `init`: JSON of the options for `pw('init', …)`; `calls`: JSON of more calls, `[["event", "Name"], …]`
 * - `head`, `body`: raw HTML, before and after these
 * - `csp`: a policy, in which `{nonce}` stands for that of the page's own scripts
 * @param {URLSearchParams} query
 * @param {string} stub
 */
export function renderPage(query, stub) {
  const nonce = query.get('csp')?.includes('{nonce}') ? ` nonce="${NONCE}"` : ''
  const inline = code => `<script${nonce}>${code.replaceAll('</', '<\\/')}</script>`
  const src = query.get('src') ?? (query.has('stub') ? '/pw.js' : undefined)
  const data = [...query].filter(([name]) => name.startsWith('data-')).map(attribute)
  const parts = []
  if (query.has('stub')) parts.push(inline(stub.replace('PW_SRC', src)))
  else if (src)
    parts.push(`<script async${nonce}${attribute(['src', src])}${data.join('')}></script>`)
  for (const call of callsOf(query)) {
    parts.push(inline(`pw(${call.map(argument => JSON.stringify(argument)).join(', ')})`))
  }
  return [
    `<!doctype html><title>${escapeHtml(query.get('title') ?? 'Page')}</title>`,
    '<link rel="icon" href="data:,">',
    inline(RECORDER),
    query.get('head') ?? '',
    ...parts,
    `<body>${query.get('body') ?? ''}</body>`,
  ].join('\n')
}

/**
 * The headers of that page: `charset`, `csp`, and each `header=Name:value`.
 * @param {URLSearchParams} query
 */
export function pageHeaders(query) {
  const csp = query.get('csp')
  return {
    'content-type': `text/html; charset=${query.get('charset') ?? 'utf-8'}`,
    ...(csp && { 'content-security-policy': csp.replaceAll('{nonce}', `'nonce-${NONCE}'`) }),
    ...Object.fromEntries(query.getAll('header').map(line => line.split(/:\s*(.*)/s, 2))),
  }
}

function callsOf(query) {
  const init = query.get('init')
  const calls = JSON.parse(query.get('calls') ?? '[]')
  return init === null ? calls : [['init', JSON.parse(init)], ...calls]
}

const escapeHtml = text => text.replace(/[&<"]/g, char => `&#${char.charCodeAt(0)};`)
const attribute = ([name, value]) => ` ${name}="${escapeHtml(value)}"`

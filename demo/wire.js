import { el, json } from './dom.js'

const NOTES = {
  good: 'Answers at once.',
  slow: 'Takes each request, answers two seconds later. Leave the page meanwhile: nothing is lost.',
  fail: 'HTTP 503. The tag waits, tries again, and keeps what it has over a reload.',
  hang: 'Never answers. The tag gives up after ten seconds and tries again.',
  lose: 'Takes the request, then cuts the connection: the one case of a request that comes twice.',
  down: 'Nothing listens. Events wait on the device; switch back to good, and they arrive.',
}
const OPEN_ENTRIES = 3

const $ = id => document.getElementById(id)
const entries = new Map()
let taken = 0

function verdict({ status, statusCode, message, counted }, ended) {
  if (status === 0) {
    if (counted) return ['warn', 'taken, answer lost']
    return ended ? ['bad', 'no answer'] : ['idle', 'hanging…']
  }
  if (!ended) return ['idle', 'answering…']
  const said = statusCode ? ` · status_code ${statusCode}` : ''
  if (!ended.answered) return ['warn', `HTTP ${status}${said}, not read`]
  return [counted ? 'good' : 'bad', `HTTP ${status}${said} ${message}`]
}

const chip = (kind, text) => el('span', { className: `chip ${kind}` }, text)

function add({ method, at, subject, chips, sent, answer }) {
  const time = new Date(at)
  const title = el('strong', {}, method)
  if (subject) title.append(' ', el('i', {}, subject))
  const head = el(
    'summary',
    {},
    title,
    el('time', { dateTime: time.toISOString() }, time.toLocaleTimeString()),
    el('span', { className: 'chips' }, ...chips),
  )
  const details = el('details', { open: sent !== undefined }, head)
  if (sent !== undefined) details.append(json(sent, 2))
  if (answer !== undefined) details.append(el('h4', {}, 'Answer'), json(answer))
  $('feed').prepend(el('li', { className: method }, details))
  const old = $('feed').children[OPEN_ENTRIES]?.firstElementChild
  if (old) old.open = false
  $('empty').hidden = true
}

function count() {
  $('count').textContent = taken ? `${taken} taken` : ''
}

function forget() {
  entries.clear()
  taken = 0
  $('feed').replaceChildren()
  $('empty').hidden = false
  count()
}

const subjectOf = request => request?.event ?? request?.userId

let isReal = false

const handlers = {
  hello(hello) {
    forget()
    isReal = hello.isReal
    $('endpoint').textContent = hello.endpoint
    $('modes').hidden = isReal
    handlers.mode(hello)
  },
  mode({ mode }) {
    $('modes').querySelector(`[value="${mode}"]`).checked = true
    $('mode-note').textContent = NOTES[mode]
  },
  preflight({ method, at }) {
    add({ method, at, chips: [chip('idle', 'preflight, for the token')] })
  },
  request(entry) {
    const { id, method, at, request, raw, answer, transport, token, counted } = entry
    const status = chip(...verdict(entry))
    const chips = [status]
    if (token) chips.push(chip('idle', 'token'))
    if (transport) chips.push(chip('idle', transport))
    const sent = request ? { request } : raw
    add({ method, at, subject: subjectOf(request), chips, sent, answer })
    entries.set(id, { entry, status })
    if (counted) taken++
    count()
  },
  closed(end) {
    const known = entries.get(end.id)
    known?.status.replaceWith(chip(...verdict(known.entry, end)))
  },
}

/** How the tag says that a request has ended: all there is to show of the real API. */
function report({ type, method, request, reason, status, attempts }) {
  const isTaken = type === 'delivered'
  const text = [type, status && `status ${status}`, reason].filter(Boolean).join(' · ')
  const chips = [chip(isTaken ? 'good' : 'bad', text)]
  if (attempts > 1) chips.push(chip('idle', `${attempts} attempts`))
  add({ method, at: Date.now(), subject: subjectOf(request), chips, sent: { request } })
  if (isTaken) taken++
  count()
}

function showFacts() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  $('zone').textContent = `${timeZone}, ${-new Date().getTimezoneOffset() * 60} s`
  pw('get', ({ hwid, userId, consent, waiting }) => {
    $('hwid').textContent = hwid ?? 'none'
    $('user').textContent = userId ?? 'none'
    $('consent').textContent = consent
    $('waiting').textContent = waiting
    $('waiting').classList.toggle('some', waiting > 0)
  })
}

let source

function listen() {
  source = new EventSource('/feed')
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data)
    handlers[event.type](event)
    showFacts()
  }
}

$('modes').addEventListener('change', ({ target }) => {
  fetch(`/control?mode=${target.value}`, { method: 'POST' })
})
$('clear').addEventListener('click', () => fetch('/control', { method: 'POST' }))

// An open connection would keep the page out of the back/forward cache.
addEventListener('pagehide', () => source.close())
addEventListener('pageshow', event => event.persisted && listen())

// Whatever may have made a call, and each end of a request, may change what `get` says.
for (const type of ['click', 'submit']) addEventListener(type, () => setTimeout(showFacts))
pw('on', '*', end => {
  if (isReal) report(end)
  showFacts()
})
listen()

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { sendJson } from './http.mjs'
import { createSandbox } from './sandbox.mjs'

const API = 'https://api.pushwoosh.com/json/1.3'
const FEED_LENGTH = 200

const MODES = {
  good: undefined,
  slow: { delayMs: 2000 },
  fail: { status: 503 },
  hang: { hang: true },
  lose: { lose: true },
  down: undefined,
}

const FILES = {
  '/': ['index.html', 'text/html'],
  '/thanks': ['thanks.html', 'text/html'],
  '/demo.css': ['demo.css', 'text/css'],
  '/demo.js': ['demo.js', 'text/javascript'],
  '/dom.js': ['dom.js', 'text/javascript'],
  '/wire.js': ['wire.js', 'text/javascript'],
  '/pw.js': ['../dist/pw.js', 'text/javascript'],
  '/pw-debug.js': ['../dist/pw-debug.js', 'text/javascript'],
  '/pw.js.map': ['../dist/pw.js.map', 'application/json'],
}

const read = name => readFile(new URL(name, import.meta.url), 'utf8')

const fail = message => {
  console.error(message)
  process.exit(1)
}

/** The tag as a site's owner pastes it: the snippet, then `init`. */
async function tag(options) {
  const snippet = await read('../dist/snippet.js')
  const json = JSON.stringify(options, null, 2).replace(/</g, '\\u003c')
  return `<script>\n${snippet.trim().replace('PW_SRC', '/pw.js')}\npw('init', ${json})\n</script>`
}

async function page(name, options) {
  const [html, wire, script] = await Promise.all([read(name), read('wire.html'), tag(options)])
  return html.replace('<!-- pw-snippet -->', () => script).replace('<!-- demo-wire -->', () => wire)
}

/** What happens at the API, for each page that listens and for those that come later. */
function createFeed(hello) {
  const past = []
  const readers = new Set()
  const write = (res, event) => res.write(`data: ${JSON.stringify(event)}\n\n`)
  return {
    publish(event) {
      past.push(event)
      if (past.length > FEED_LENGTH) past.shift()
      for (const res of readers) write(res, event)
    },
    clear() {
      past.length = 0
      for (const res of readers) write(res, hello())
    },
    serve(res) {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      for (const event of [hello(), ...past]) write(res, event)
      readers.add(res)
      res.on('close', () => readers.delete(res))
    },
  }
}

const { PW_APPLICATION, PW_TOKEN, PORT = '8080' } = process.env
if (!PW_APPLICATION !== !PW_TOKEN) {
  fail('Set both PW_APPLICATION and PW_TOKEN to talk to the real API, or neither.')
}
await tag({}).catch(() => fail('dist/ is missing. Make it with: npm ci && npm run build'))

const isReal = Boolean(PW_TOKEN)
const sandbox = createSandbox()
const endpoint = isReal ? API : await sandbox.listen()
const options = isReal
  ? { application: PW_APPLICATION, token: PW_TOKEN }
  : { application: 'DEMO0-00001', token: 'demo-device-token', endpoint }

let mode = 'good'
const feed = createFeed(() => ({ type: 'hello', isReal, endpoint, mode }))
sandbox.on(({ headers, ...event }) => {
  feed.publish({ ...event, token: Boolean(headers?.authorization) })
})

async function control(url, req, res) {
  const wanted = url.searchParams.get('mode')
  if (wanted !== null && !Object.hasOwn(MODES, wanted))
    return sendJson(req, res, 400, 'No such mode')
  if (wanted === null) {
    feed.clear()
  } else {
    mode = wanted
    sandbox.behave(MODES[mode])
    await (mode === 'down' ? sandbox.stop() : sandbox.listen())
    feed.publish({ type: 'mode', mode })
  }
  sendJson(req, res, 200, 'OK')
}

async function file(path, req, res) {
  if (!Object.hasOwn(FILES, path)) return sendJson(req, res, 404, 'No such page')
  const [name, type] = FILES[path]
  try {
    const text = await (type === 'text/html' ? page(name, options) : read(name))
    res.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-cache' })
    res.end(text)
  } catch (error) {
    sendJson(req, res, 503, `Cannot read what this page needs (${error.message}): npm run build`)
  }
}

const server = createServer((req, res) => {
  const url = new URL(req.url.replace(/^\/+/, '/'), 'http://localhost')
  if (url.pathname === '/control' && req.method === 'POST') return control(url, req, res)
  if (req.method !== 'GET') return sendJson(req, res, 405, 'Only GET')
  if (url.pathname === '/feed') return feed.serve(res)
  return file(url.pathname, req, res)
})

let port = Number(PORT)
server.on('error', error => {
  if (error.code !== 'EADDRINUSE') fail(error.message)
  server.listen(++port, '127.0.0.1')
})
server.on('listening', () => {
  const api = isReal ? `the real API: ${API}` : `a sandbox of the API: ${endpoint}`
  console.log(`http://localhost:${server.address().port} (talks to ${api})`)
})
server.listen(port, '127.0.0.1')

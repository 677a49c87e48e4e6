// First-party proxy for pw-tag, with `endpoint: '/pw'` and no `token` on the pages. See docs/proxy.md.
//
//   PW_TOKEN='Device API token' PORT=8081 node server.mjs
//
// PROXIES: how many proxies of yours stand in front of it (0): so many addresses at the end of X-Forwarded-For are trusted.
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createLimiter } from './limiter.mjs'

const API = 'https://api.pushwoosh.com/json/1.3'
const PATH = /^\/pw\/(postEvent|registerUser)$/
// The tag sends no more than 60,000.
const MOST_BYTES = 64 * 1024
// Longer than the tag waits, so that what a page leaves behind has the time to arrive.
const TIMEOUT_MS = 15_000

/**
 * @param {object} options
 * @param {string} options.token Device API token
 * @param {string} [options.api]
 * @param {number} [options.proxies] in front of this one
 * @param {{ rate: number, burst: number }} [options.limit] requests a second for each address, and how many at once
 */
export function createProxy({ token, api = API, proxies = 0, limit = { rate: 20, burst: 200 } }) {
  const mayPass = createLimiter(limit)

  return createServer(async (req, res) => {
    const answer = (status, headers) => res.writeHead(status, headers).end()
    try {
      const method = PATH.exec(req.url.split('?')[0])?.[1]
      const visitor = addressOf(req, proxies)
      if (!method) return answer(404)
      if (req.method !== 'POST') return answer(405, { allow: 'POST' })
      if (!mayPass(visitor, Date.now())) return answer(429, { 'retry-after': 2 })
      const body = await readBody(req)
      if (!body) return answer(413, { connection: 'close' })
      const upstream = await fetch(`${api}/${method}`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'text/plain;charset=UTF-8',
          'x-forwarded-for': visitor,
          ...(req.headers['user-agent'] && { 'user-agent': req.headers['user-agent'] }),
          // Only registerUser carries it.
          ...(method === 'registerUser' && { authorization: `Token ${token}` }),
        },
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      const text = withoutBaseUrl(await upstream.text())
      const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
      const retryAfter = upstream.headers.get('retry-after')
      if (retryAfter) headers['retry-after'] = retryAfter
      res.writeHead(upstream.status, headers).end(text)
    } catch (error) {
      // The tag tries again. What the visitor has cut needs no answer.
      if (!res.headersSent && !res.destroyed) answer(502)
      if (req.complete) console.error(`${req.url}: ${error.cause?.message ?? error.message}`)
    }
  })
}

function addressOf(req, proxies) {
  const chain = `${req.headers['x-forwarded-for'] ?? ''}`.split(',').map(part => part.trim())
  return (proxies && chain.at(-proxies)) || req.socket.remoteAddress
}

/** Undefined where it is too large. */
async function readBody(req) {
  const chunks = []
  let bytes = 0
  for await (const chunk of req) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Else the API could send the pages past this proxy. */
function withoutBaseUrl(text) {
  try {
    const { base_url: _, ...answer } = JSON.parse(text)
    return JSON.stringify(answer)
  } catch {
    return text
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { PW_TOKEN, PORT = '8081', PROXIES = '0' } = process.env
  if (!PW_TOKEN) {
    console.error('Set PW_TOKEN to the Device API token.')
    process.exit(1)
  }
  const server = createProxy({ token: PW_TOKEN, proxies: Number(PROXIES) })
  server.listen(Number(PORT), () => console.log(`http://localhost:${PORT}/pw`))
}

import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { corsHeaders, readBody } from '../../demo/http.mjs'

/** What peers and the tag want to read in an answer: each finds its own word for "taken". */
const GOOD = {
  code: 200,
  response: {},
  result: 'Success',
  status: 1,
  status_code: 200,
  status_message: 'OK',
}

/** What no URL, JSON string or base64 can hide: letters and digits, and a sign that ends it. */
const NAME = /ev[0-9]{6}x/g

/**
 * Takes whatever a tag sends, and counts in how many requests each event's name came through, whatever they are encoded in.
 * @param {{ preflightDelayMs?: number, routes?: (path: string) => object | undefined }} [options] `routes`: what is asked of
 *   the same server besides, such as settings
 */
export function createCollector({ preflightDelayMs = 0, routes = () => undefined } = {}) {
  const copies = new Map()
  const tried = new Set()
  let isAway = false

  const preflight = async (req, res) => {
    await sleep(preflightDelayMs, undefined, { ref: false })
    res.writeHead(204, {
      ...corsHeaders(req),
      'access-control-allow-methods': 'GET, POST, PUT',
      'access-control-allow-headers': req.headers['access-control-request-headers'] ?? '',
      'access-control-max-age': 0,
    })
    res.end()
  }

  const handle = async (req, res) => {
    if (req.method === 'OPTIONS') return preflight(req, res)
    const { bytes } = await readBody(req)
    // Cut before its end: nobody could have read it.
    if (!bytes) return
    const names = namesIn(req.url, bytes)
    for (const name of names) {
      if (isAway) tried.add(name)
      else copies.set(name, (copies.get(name) ?? 0) + 1)
    }
    const answer = routes(req.url.split('?')[0]) ?? GOOD
    res.writeHead(isAway ? 503 : 200, { ...corsHeaders(req), 'content-type': 'application/json' })
    res.end(isAway ? '' : JSON.stringify(answer))
  }

  return {
    handle,
    /** How often the event has been taken. */
    copies: name => copies.get(name) ?? 0,
    /** Whether the event has been refused while the collector was away. */
    wasTried: name => tried.has(name),
    /** From now on all is answered with HTTP 503, or nothing. */
    setAway: away => {
      isAway = away
    },
  }
}

function namesIn(url, bytes) {
  const text = bytes.toString('latin1')
  const found = new Set()
  for (const layer of layers(decode(url), bytes, text)) {
    for (const [name] of layer.matchAll(NAME)) found.add(name)
  }
  return found
}

function* layers(url, bytes, text) {
  yield url
  yield text
  yield* base64In(url)
  yield* base64In(decode(text))
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) yield gunzipSync(bytes).toString('latin1')
}

const base64In = text =>
  Array.from(text.matchAll(/[\w+/-]{24,}/g), ([token]) => Buffer.from(token, 'base64').toString())

function decode(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

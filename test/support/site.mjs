import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pageHeaders, renderPage } from './page-under-test.mjs'
import { listenAnew } from './ports.mjs'

const root = path => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.map': 'application/json',
  '.mjs': 'text/javascript',
}

/**
 * A website to put the tag on. `/page?…` is made by its query (page-under-test.mjs), `/pages/…` are the files of
 * test/pages, all else those of dist. To each may be added `delay` (ms), `until` (a name, to be released) and `status`.
 *
 * `host`: another name of this machine makes another site of it; another call, another origin, of which no browser has
 * anything stored.
 * @param {{ host?: '127.0.0.1' | 'localhost' }} [options]
 */
export async function createSite({ host = '127.0.0.1' } = {}) {
  const errors = []
  const requests = []
  const times = new Map()
  const gates = new Map()

  const gate = name => {
    if (!gates.has(name)) {
      let open
      const opened = new Promise(resolve => {
        open = resolve
      })
      gates.set(name, { open, opened })
    }
    return gates.get(name)
  }

  const answer = async (req, res) => {
    const { pathname, searchParams } = new URL(req.url, 'http://site')
    requests.push(req.url)
    times.set(req.url, Date.now())
    if (pathname === '/errors') {
      const chunks = await req.toArray()
      errors.push(Buffer.concat(chunks).toString())
      res.writeHead(204).end()
      return
    }
    const delay = Number(searchParams.get('delay') ?? 0)
    if (delay) await sleep(delay, undefined, { ref: false })
    if (searchParams.has('until')) await gate(searchParams.get('until')).opened
    const status = Number(searchParams.get('status') ?? 200)
    if (status !== 200) {
      res.writeHead(status).end()
    } else if (pathname === '/page') {
      const stub = searchParams.has('stub') ? await readFile(root('dist/snippet.js'), 'utf8') : ''
      res.writeHead(200, pageHeaders(searchParams)).end(renderPage(searchParams, stub))
    } else {
      await sendFile(res, pathname)
    }
  }

  const server = await listenAnew(() =>
    createServer((req, res) => {
      answer(req, res).catch(error => {
        errors.push(`${req.url}: ${error.message}`)
        res.destroy()
      })
    }),
  )
  const origin = `http://${host}:${server.address().port}`

  return {
    origin,
    /** What went wrong on its pages: uncaught errors, unhandled rejections, violations of a policy. */
    errors,
    /** The addresses that were asked for. */
    requests,
    /** When an address was asked for last, ms since 1970. */
    askedAt: url => times.get(url.slice(origin.length)),
    /** The address of a page; what is not a string is made JSON. */
    page: (query = {}) => {
      const params = Object.entries(query).flatMap(([name, value]) =>
        (name === 'header' ? [value].flat() : [value]).map(one => [name, toText(one)]),
      )
      return `${origin}/page?${new URLSearchParams(params)}`
    },
    url: path => origin + path,
    /** Answers what was asked for with `until` of that name, and will be. */
    release: name => gate(name).open(),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function sendFile(res, pathname) {
  const path = normalize(pathname)
  const file = path.startsWith('/pages/') ? root(`test${path}`) : join(root('dist'), path)
  const content = await readFile(file).catch(() => undefined)
  if (!content) return res.writeHead(404).end()
  res.writeHead(200, { 'content-type': TYPES[extname(file)], 'cache-control': 'no-cache' })
  res.end(content)
}

const toText = value => (typeof value === 'string' ? value : JSON.stringify(value))

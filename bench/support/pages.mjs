import { once } from 'node:events'
import { createServer } from 'node:http'

// Cross-origin isolated, a page's clock has steps of 5 µs instead of 100 µs.
const HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'credentialless',
}

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8' }

/**
 * Serves pages and scripts from memory. Scripts may be kept by the browser, as on a site that has a version in their
 * address.
 * @param {Record<string, string>} files by path; one without an extension is HTML
 */
export async function servePages(files) {
  const server = createServer((req, res) => {
    const path = req.url.split('?')[0]
    const content = Object.hasOwn(files, path) ? files[path] : undefined
    if (content === undefined) return res.writeHead(404).end()
    const type = TYPES[/\.(\w+)$/.exec(path)?.[1] ?? 'html']
    const cache = type === TYPES.html ? 'no-cache' : 'max-age=3600'
    res.writeHead(200, { ...HEADERS, 'content-type': type, 'cache-control': cache }).end(content)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A page of these elements, with nothing else in it that would have to be loaded. */
export const html = (...parts) =>
  ['<!doctype html><title>Shop</title><link rel="icon" href="data:,">', ...parts].join('\n')

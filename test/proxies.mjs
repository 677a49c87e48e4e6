// The two proxies, in front of a site and a sandbox of the API.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProxy } from '../proxy/server.mjs'
import { freePort } from './support/ports.mjs'
import { ended, killTree, start } from './support/processes.mjs'
import { until } from './support/until.mjs'

const PACKAGE = 'nginx-light'

function findNginx() {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  return process.env.NGINX ?? folders.map(folder => `${folder}/nginx`).find(existsSync)
}

/** Where nginx is: installs Debian's where it may, else throws. */
function ensureNginx() {
  if (!findNginx() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', PACKAGE]]) {
      execFileSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    }
  }
  const nginx = findNginx()
  if (!nginx) throw new Error(`No nginx: install Debian's ${PACKAGE}, or set NGINX to where it is`)
  return nginx
}

/** Puts what a test has in the place of what the configuration names; it must stand there. */
const fill = (text, replacements) =>
  Object.entries(replacements).reduce((filled, [from, to]) => {
    if (!filled.includes(from)) throw new Error(`There is no ${from} in nginx.conf`)
    return filled.replaceAll(from, to)
  }, text)

/** Instead of 200 at once and 20 a second: what a test can reach. */
const LIMIT = { rate: 1, burst: 40 }

/** A folder with a configuration that holds these directives of `http`, and how to start nginx with it. */
async function prepareNginx(http) {
  const program = ensureNginx()
  const folder = await mkdtemp(join(tmpdir(), 'pw-tag-nginx-'))
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const main = [
    'daemon off; master_process off; pid nginx.pid; error_log stderr crit;',
    'events { worker_connections 2048; }',
    'http {',
    'access_log off;',
    ...temp.map(name => `${name}_temp_path temp/${name};`),
    http,
    '}',
  ]
  await mkdir(join(folder, 'temp'))
  await writeFile(join(folder, 'nginx.conf'), main.join('\n'))
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']
  return { program, args, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Throws what nginx has against these directives of `http`. */
export async function checkNginx(http) {
  const { program, args, remove } = await prepareNginx(http)
  try {
    execFileSync(program, [...args, '-t'], { stdio: 'pipe' })
  } finally {
    await remove()
  }
}

/** proxy/nginx.conf, run by a real nginx. */
async function nginx({ api, site, token }) {
  const port = await freePort()
  const conf = await readFile(new URL('../proxy/nginx.conf', import.meta.url), 'utf8')
  const { program, args, remove } = await prepareNginx(
    fill(conf, {
      'listen 80;': `listen 127.0.0.1:${port};`,
      'root /var/www/html;': `proxy_pass ${site};`,
      'https://api.pushwoosh.com/json/1.3': api,
      'Token XXXX': `Token ${token}`,
      'rate=20r/s': `rate=${LIMIT.rate}r/s`,
      'burst=200': `burst=${LIMIT.burst}`,
    }),
  )
  const child = start(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const origin = `http://127.0.0.1:${port}`
  const stop = async () => {
    killTree(child.pid)
    await ended(child)
    await remove()
  }
  await until(() => fetch(`${origin}/pw/`), { message: 'nginx answers' }).catch(async error => {
    await stop()
    throw error
  })
  return { origin, stop }
}

/** proxy/server.mjs, behind a server for the pages, as it would be. */
async function node({ api, site, token }) {
  const proxy = createProxy({ token, api, limit: LIMIT })
  const pages = createServer((req, res) => {
    if (req.url.startsWith('/pw/')) return proxy.emit('request', req, res)
    const { method, headers } = req
    req.pipe(
      request(site + req.url, { method, headers }, from => {
        from.pipe(res.writeHead(from.statusCode, from.headers))
      }),
    )
  })
  pages.listen(0, '127.0.0.1')
  await once(pages, 'listening')
  return {
    origin: `http://127.0.0.1:${pages.address().port}`,
    stop: async () => {
      pages.closeAllConnections()
      pages.close()
      await once(pages, 'close')
    },
  }
}

/** @type {Record<string, (of: { api: string, site: string, token: string }) => Promise<{ origin: string, stop: () => Promise<void> }>>} */
export const PROXIES = { nginx, node }

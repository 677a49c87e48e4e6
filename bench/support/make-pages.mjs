import { readFile } from 'node:fs/promises'
import { readDist } from './dist.mjs'
import { html } from './pages.mjs'

const USER = 'user_3078a'
const HWID = '0123456789abcdef0123456789abcdef'

const script = code => `<script>${code}</script>`
const src = path => `<script src="${path}"></script>`

/**
 * The pages, in pairs that differ in how they send alone: `/tag` and `/bare` are at rest, with a button; `/load/…` send
 * one event as they load, when the tag is there; `/stub/…` before it is there; `/view/…` register a known user and send a
 * page view. `/nothing` is `/bare` without a script.
 * @param {{ application: string, token: string, endpoint: string }} options for `init`
 */
export async function makePages(options) {
  const read = name => readFile(new URL(`../pages/${name}`, import.meta.url), 'utf8')
  const [tag, snippet, send, button] = await Promise.all([
    readDist('pw.js'),
    readDist('snippet.js'),
    read('send.js'),
    read('button.js'),
  ])
  const caller = { ...options, hwid: HWID, deviceType: 11 }
  const means = script(`performance.mark('bench')
const caller = ${JSON.stringify(caller)}\n${send}`)
  const init = script(`const begun = performance.now()
pw('init', ${JSON.stringify(options)})
const initTook = performance.now() - begun`)
  const stub = script(snippet.trim().replace('PW_SRC', '/pw.js'))
  const sendNow = by => script(`called(${by}, location.hash.slice(1))`)
  const known = JSON.stringify({ ...options, userId: USER, pageEvent: 'pageViewed' })
  const view = script(`registerByFetch('${USER}'), byFetch('pageViewed')`)
  const press = `<button>Buy</button>${script(button)}`
  return {
    '/pw.js': tag,
    '/empty.js': '',
    '/tag': html(means, src('/pw.js'), init, press),
    '/bare': html(means, src('/empty.js'), press),
    '/nothing': html(means, press),
    '/load/tag': html(means, src('/pw.js'), init, sendNow('byTag')),
    '/load/bare': html(means, src('/empty.js'), sendNow('byFetch')),
    '/stub/tag': html(means, stub, init, sendNow('byTag')),
    '/stub/bare': html(means, sendNow('byFetch')),
    '/view/tag': html(src('/pw.js'), script(`pw('init', ${known})`)),
    '/view/bare': html(means, view),
  }
}

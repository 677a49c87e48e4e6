// The code in docs, run on a page: what is for a page sends its events, and what is said to give a warning gives it. One
// engine: it is the recipes that are tested, not the tag.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { blocks, warnings as documented } from '../docs.mjs'
import { APPLICATION, expectExactlyOnce, scenario, TOKEN } from '../support/scenario.mjs'
import { loaded, state, warnings } from '../support/tag.mjs'

const engines = ['chromium']
const snippet = readFileSync(new URL('../../dist/snippet.js', import.meta.url), 'utf8')
const init = ({ options }) => `pw('init', ${JSON.stringify(options)})`
const inline = code => `<script>${code}</script>`
const stub = inline(snippet.replace('PW_SRC', '/pw.js'))

/** A recipe with the addresses of the test, and values for the variables of a tag manager. */
const fill = (code, { options: { endpoint } }) =>
  code
    .replace(/\/\* dist\/snippet\.js, with PW_SRC replaced by (\S+) \*\//, (_, src) =>
      snippet.replace('PW_SRC', src),
    )
    .replace(/https:\/\/cdn\.jsdelivr\.net\S+\/pw\.js/, '/pw.js')
    .replaceAll('XXXXX-XXXXX', APPLICATION)
    .replaceAll('Device API token', TOKEN)
    .replace(`endpoint: '/pw'`, `token: '${TOKEN}'`)
    .replaceAll(`application: '`, `endpoint: '${endpoint}', application: '`)
    .replace('data-application=', `data-endpoint="${endpoint}" data-application=`)
    .replace(/\{\{.*?\}\}/g, '"007"')

/** The events that a recipe posts by itself. */
const eventsIn = code => Array.from(code.matchAll(/^ *pw\('event', '(\w+)'/gm), ([, name]) => name)

const recipes = blocks.filter(
  ({ page, lang, code }) =>
    lang === 'html' ||
    (lang === 'js' && page !== 'warnings.md' && !code.includes('Pushwoosh.push')),
)

scenario('the recipes work', { engines, timeout: 90_000 }, async stage => {
  const { browser, site, api } = stage
  assert.ok(recipes.length > 9)
  for (const { code, lang, page: name } of recipes) {
    api.reset()
    const filled = fill(code, stage)
    const recipe = lang === 'html' ? filled : inline(filled)
    const isWhole = code.includes('XXXXX-XXXXX')
    const head = isWhole ? recipe : `${recipe}${lang === 'html' ? stub : ''}${inline(init(stage))}`
    const before = lang === 'js' ? stub : ''
    const page = await browser.open(site.page({ head: before + head }))
    await loaded(page)
    assert.equal((await state(page)).application, APPLICATION, `${name}: ${code}`)
    await expectExactlyOnce(api, eventsIn(code), { settle: 50 })
    assert.deepEqual([await warnings(page), await page.errors()], [[], []], `${name}: ${code}`)
    await page.close()
  }
})

scenario('a script that is not the one that was hashed does not run', { engines }, async stage => {
  const { browser, site, api } = stage
  const { code } = recipes.find(({ code }) => code.includes('PW_SRC') && code.includes('integrity'))
  const head = fill(code, stage).replace(/sha384-.{8}/, 'sha384-AAAAAAAA')
  const page = await browser.open(site.page({ head }))
  const flushed = await page.evaluate('new Promise(done => pw("flush", done, 300))')
  assert.deepEqual([flushed, await page.evaluate('pw.v'), api.requests.length], [false, 0, 0])
})

const matches = (said, message) => {
  const parts = message.split('…').map(part => part.replace(/[^\w\s]/g, '\\$&'))
  return new RegExp(`^warn: ${parts.join('[^]*')}( |$)`).test(said)
}

scenario(
  'each warning is given as it is written, where it is said to be',
  { engines },
  async stage => {
    const { browser, site } = stage
    for (const { message, code } of documented) {
      const start = code.includes(`'init'`) ? '' : init(stage)
      // What the page before has left would be warned of again.
      const body = inline(`localStorage.clear()\n${start}\n${fill(code, stage)}`)
      const page = await browser.open(site.page({ stub: 1, body }))
      await loaded(page)
      await page.waitFor('__console.length')
      const said = await warnings(page)
      assert.ok(said.length === 1 && matches(said[0], message), `${message}\n${said.join('\n')}`)
      await page.close()
    }
  },
)

scenario('the tag takes the device id of the web SDK', { engines }, async stage => {
  const { browser, site, api } = stage
  const { code } = blocks.find(({ code }) => code.includes('getHWID'))
  const sdk = `var Pushwoosh = { push: function (f) { setTimeout(f, 50) },
    getHWID: function () { return Promise.resolve('SDK-1') } }`
  const script = `${sdk}\n${fill(code, stage)}\npw('event', 'A')`
  await browser.open(site.page({ stub: 1, body: inline(script) }))
  await expectExactlyOnce(api, ['A'], { settle: 50 })
  assert.equal(api.accepted('postEvent')[0].request.hwid, 'SDK-1')
})

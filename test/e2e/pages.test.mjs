// Page views: SPEC 2, `pageEvent`.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findBrowsers } from '../support/browsers.mjs'
import { CHROMIUM_ARGS } from '../support/engines/chromium.mjs'
import { ended, killTree, start } from '../support/processes.mjs'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { stubPage, taken } from '../support/tag.mjs'

const viewing = stage => ({ ...stage, options: { ...stage.options, pageEvent: 'View' } })

const views = api => taken(api).map(({ attributes: { url } }) => new URL(url).pathname)

// An element of that name hides a browser's lack of the Navigation API.
const body = '<nav id="navigation">Menu</nav>'

for (const [what, query] of [
  ['with the API or without', {}],
  ['with an element called navigation', { head: body }],
]) {
  scenario(`views of a single-page site, ${what}`, {}, async stage => {
    const { browser, api } = stage
    const page = await browser.open(stubPage(viewing(stage), '', { title: 'Start', ...query }))
    const expected = ['/page']
    const expectViews = () =>
      until(() => views(api).length >= expected.length, { timeout: 4_000 }).then(() =>
        assert.deepEqual(views(api), expected),
      )
    await expectViews()
    const go = async (act, path) => {
      await page.evaluate(`void (${act})`)
      expected.push(path)
      await expectViews()
    }
    await go(`document.title = 'A', history.pushState({}, '', '/a')`, '/a')
    await go(`history.replaceState({}, '', '/b')`, '/b')
    await go(`history.pushState({}, '', '/b?x=1')`, '/b')
    await go(`history.back()`, '/b')
    // Neither a hash nor the same address is a view.
    await page.evaluate(`void (location.hash = 'x', history.pushState({}, '', location.href))`)
    await page.evaluate(`void history.replaceState({ a: 1 }, '', '#y')`)
    await sleep(700)
    await go(`history.pushState({}, '', '/c')`, '/c')
    const [first, second] = taken(api).map(({ attributes }) => attributes)
    assert.deepEqual([first.title, second.title], ['Start', 'A'])
    assert.equal(second.referrer, first.url)
    assert.equal(await page.evaluate('/native code/.test(history.pushState)'), true)
  })
}

scenario('a return from the back/forward cache is a view', {}, async stage => {
  const { browser, other, api } = stage
  const head = `<script>addEventListener('pageshow', e => { window.restored = e.persisted })</script>`
  const page = await browser.open(stubPage(viewing(stage), '', { head }))
  await expectExactlyOnce(api, ['View'], { settle: 100 })
  api.reset()
  await page.goto(other.page())
  await page.back()
  await expectExactlyOnce(api, ['View'], { settle: 400 })
  if (stage.engine === 'chromium') assert.equal(await page.evaluate('restored'), true)
})

/**
 * A Chromium that nobody drives, as DevTools let no page be prerendered: its first page has `target` prerendered, tells
 * the site what is stored after a while, and goes to `next`.
 */
async function visitAlone({ site, t }, target, next) {
  const profile = await mkdtemp(join(tmpdir(), 'pw-tag-alone-'))
  const rules = JSON.stringify({ prerender: [{ urls: [target], eagerness: 'immediate' }] })
  const head = `<script type="speculationrules">${rules}</script><script>
    fetch('/pw.js?until=prerendered').then(() => setTimeout(async () => {
      const { length } = await indexedDB.databases()
      await fetch('/pw.js?stored=' + [length, localStorage.length, sessionStorage.length])
      location.href = ${JSON.stringify(next)}
    }, 1500))</script>`
  const child = start(findBrowsers().chromium, [
    ...CHROMIUM_ARGS,
    '--headless=new',
    `--user-data-dir=${profile}`,
    site.page({ head }),
  ])
  t.after(async () => {
    killTree(child.pid)
    await ended(child)
    await rm(profile, { recursive: true, force: true, maxRetries: 3 })
  })
  await until(() => site.requests.includes('/pw.js?delay=0'), {
    message: 'The page is prerendered',
    timeout: 20_000,
  })
  site.release('prerendered')
  await until(() => site.requests.some(path => path.includes('stored=')))
  assert.ok(site.requests.includes('/pw.js?stored=0,0,0'), site.requests.join('\n'))
}

const ALONE = { engines: ['chromium'] }
const MARKED = { src: '/pw.js?delay=0' }

scenario('a prerendered page is a view when it is shown', ALONE, async stage => {
  const { api } = stage
  const from = Math.floor(Date.now() / 1000)
  const target = stubPage(viewing(stage), `pw('event', 'Called')`, MARKED)
  await visitAlone(stage, target, target)
  await expectExactlyOnce(api, ['View', 'Called'], { settle: 400 })
  const view = taken(api).find(({ event }) => event === 'View')
  assert.ok(view.timestampUTC > from)
  for (const { at } of api.requests) assert.ok(at > from * 1000 + 1500)
})

scenario('a prerendered page that is thrown away is none', ALONE, async stage => {
  const target = stubPage(viewing(stage), `pw('event', 'Never')`, MARKED)
  await visitAlone(stage, target, stubPage(stage, `pw('event', 'Later')`))
  await expectExactlyOnce(stage.api, ['Later'], { settle: 700 })
})

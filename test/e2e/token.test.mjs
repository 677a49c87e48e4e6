// The token goes to the API and nowhere else: not into storage, not into the console.
import assert from 'node:assert/strict'
import { scenario, TOKEN, until } from '../support/scenario.mjs'
import { asked, flush, loaded, state, stubPage } from '../support/tag.mjs'

/** All that is stored for the site, as text. */
const stored = page =>
  page.evaluate(async () => {
    const texts = [document.cookie]
    for (const storage of [localStorage, sessionStorage]) texts.push(JSON.stringify({ ...storage }))
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise(done => {
        indexedDB.open(name).onsuccess = ({ target }) => done(target.result)
      })
      for (const table of db.objectStoreNames) {
        const store = db.transaction(table).objectStore(table)
        texts.push(
          await new Promise(done => {
            store.getAll().onsuccess = ({ target }) => done(JSON.stringify(target.result))
          }),
        )
      }
      db.close()
    }
    return texts.join('\n')
  })

scenario('the token is neither stored nor shown', {}, async stage => {
  const { browser, api } = stage
  const tagged = { ...stage, options: { ...stage.options, debug: true } }
  api.behave({ status: 503 })
  const page = await browser.open(
    stubPage(tagged, `pw('register', 'spooled'); pw('event', 'Spooled')`, {
      src: '/pw.js?delay=400',
    }),
    { until: 'domcontentloaded' },
  )
  assert.match(await stored(page), /spooled/)
  assert.ok(!(await stored(page)).includes(TOKEN))
  await loaded(page)
  await page.evaluate(`void pw('register', 'kept')`)
  await until(() => asked(api, 'registerUser').some(({ request }) => request.userId === 'kept'))
  await until(async () => /"kept"/.test(await stored(page)) && (await state(page)).waiting > 0)
  assert.ok(!(await stored(page)).includes(TOKEN))
  api.behave()
  await flush(page)
  assert.match(await stored(page), /taken/)
  assert.ok(!(await stored(page)).includes(TOKEN))
  await page.evaluate(token => {
    pw('init', { application: 'BBBBB-CCCCC', token })
  }, TOKEN)
  const said = (await page.evaluate('__console')).join('\n')
  assert.match(said, /pw-tag.*registerUser delivered/)
  assert.ok(!said.includes(TOKEN), said)
})

scenario(
  'a token that can’t be used is not shown either',
  { engines: ['chromium'] },
  async stage => {
    const { browser, site, options } = stage
    const { token, ...rest } = options
    for (const wrong of [{ token: [token] }, { token: { token } }, { tokn: token }]) {
      const page = await browser.open(
        stubPage({ site, options: { ...rest, ...wrong, debug: true } }, `pw('event', 'A')`),
      )
      await loaded(page)
      await flush(page)
      const said = (await page.evaluate('__console')).join('\n')
      assert.match(said, /init: tok.*n can't be used/)
      assert.ok(!said.includes(token), said)
      await page.close()
    }
  },
)

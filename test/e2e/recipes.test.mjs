// The recipes of README's section on consent, as they stand there.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { expectNothing, expectNothingStored, stored } from '../support/stored.mjs'
import { loaded, state } from '../support/tag.mjs'

/** The script of README's section on consent that has this in it, with the options of the scenario. */
async function recipe(mark, { options }) {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const blocks = [...readme.matchAll(/```html\n<script>\n(.*?)<\/script>\n```/gs)].map(
    ([, code]) => code,
  )
  const code = blocks.find(block => block.includes(mark))
  const init = JSON.stringify(options).slice(1, -1)
  assert.ok(code, mark)
  return code.replace("application: 'XXXXX-XXXXX'", init)
}

const reciped = async (stage, mark) =>
  stage.site.page({
    stub: 1,
    body: `<script>${await recipe(mark, stage)}; pw('event', 'Called')</script>`,
  })

scenario('the recipe for a banner of one’s own', {}, async stage => {
  const { browser, api } = stage
  const url = await reciped(stage, 'choose(')
  const page = await browser.open(url)
  await loaded(page)
  await expectNothing(stage, page, 300)
  await page.evaluate(`void choose('granted')`)
  await expectExactlyOnce(api, ['Called'], { settle: 0 })
  api.reset()
  await page.reload()
  await expectExactlyOnce(api, ['Called'], { settle: 0 })
  await page.evaluate(`void choose('denied')`)
  await until(async () => (await stored(page)).databases.length === 0)
  assert.deepEqual((await stored(page)).local, ['consent'])
  await page.reload()
  await loaded(page)
  assert.equal((await state(page)).consent, 'denied')
  assert.deepEqual((await stored(page)).local, ['consent'])
})

scenario('the recipe for Google Consent Mode', {}, async stage => {
  const { browser, api } = stage
  const page = await browser.open(await reciped(stage, 'analytics_storage'))
  await loaded(page)
  const consent = (action, choice) =>
    page.evaluate(
      `void function gtag() { dataLayer.push(arguments) }('consent', '${action}', ${choice})`,
    )
  await page.evaluate(`void dataLayer.push({ event: 'gtm.js' })`)
  await consent('default', `{ ad_storage: 'denied', analytics_storage: 'denied' }`)
  await consent('update', `{ ad_storage: 'granted' }`)
  await expectNothing(stage, page, 300)
  await consent('update', `{ analytics_storage: 'granted' }`)
  await consent('update', `{ analytics_storage: 'granted' }`)
  await expectExactlyOnce(api, ['Called'], { settle: 200 })
  await consent('update', `{ analytics_storage: 'denied' }`)
  await expectNothingStored(page)
  assert.equal(await page.evaluate('dataLayer.length'), 6)
})

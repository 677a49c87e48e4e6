// The package in a bundle of Vite's: that its events arrive. One engine, since what runs is the same tag.
import assert from 'node:assert/strict'
import { createProject } from '../package-project.mjs'
import { expectExactlyOnce, scenario } from '../support/scenario.mjs'
import { state, taken } from '../support/tag.mjs'

const engines = ['chromium']

scenario('a page that bundles the package sends its events', { engines }, async stage => {
  const { browser, site, api, options, t } = stage
  const project = await createProject()
  t.after(project.remove)
  await project.write(
    'main.ts',
    `import pw from 'pw-tag'
    pw('event', 'Early', { zip: '007' })
    pw('init', ${JSON.stringify(options)})
    document.body.onclick = () => pw('event', 'Late')`,
  )
  const page = await browser.open(site.page({ body: 'Page' }))
  await page.evaluate(
    text => document.head.append(Object.assign(document.createElement('script'), { text })),
    await project.bundle('main.ts'),
  )
  await page.evaluate('document.body.click()')
  await expectExactlyOnce(api, ['Early', 'Late'], { settle: 200 })
  assert.deepEqual(taken(api).find(({ event }) => event === 'Early').attributes, { zip: '007' })
  assert.equal((await state(page)).application, options.application)
})

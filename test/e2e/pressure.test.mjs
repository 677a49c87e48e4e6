// Much at once, and little room for it: SPEC 3 and 5.6.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { scenario, until } from '../support/scenario.mjs'
import { callAll, expectAll, flushed, names, openTagged, running, tagged } from './delivery.mjs'

/** Events with attributes of so many bytes. */
const callFat = (page, list, bytes) =>
  page.evaluate(
    (many, size) => {
      for (const name of many) pw('event', name, { text: 'x'.repeat(size) })
    },
    list,
    bytes,
  )

// The page's own requests with `keepalive`, unanswered for as long as the test may last.
const hog = (page, url) =>
  page.evaluate(to => {
    for (let i = 0; i < 9; i++) {
      const request = { method: 'POST', keepalive: true, mode: 'no-cors', body: 'x'.repeat(7000) }
      fetch(to, request).catch(() => {})
    }
  }, url)

scenario('the page has used up the keepalive quota', {}, async stage => {
  const [held, fat, after] = [names('Held', 40), names('Fat', 100), names('After', 10)]
  const page = await openTagged(stage)
  await hog(page, stage.other.url('/page?delay=8000'))
  await callAll(page, held)
  await callFat(page, fat, 2000)
  await until(() => stage.api.accepted('postEvent').length >= 140, { timeout: 30_000 })
  // And later ones, over a page that is left.
  await callAll(page, after.slice(0, 5))
  await page.goto(tagged(stage, { n: 2 }))
  await running(page)
  await callAll(page, after.slice(5))
  await expectAll(stage, [...held, ...fat, ...after], { timeout: 30_000 })
})

scenario('a page without quota is left while its requests are under way', {}, async stage => {
  const called = names('Left', 30)
  const page = await openTagged(stage)
  stage.api.behave({ delayMs: 1000 })
  await hog(page, stage.other.url('/page?delay=8000'))
  await callFat(page, called, 1000)
  // The refusals have to be heard of: they come as late as a network error does.
  await until(() => stage.api.accepted('postEvent').length)
  await page.goto(tagged(stage, { n: 2 }))
  await running(page)
  stage.api.behave()
  await callAll(page, ['After'])
  // What went without `keepalive` can't be counted on (SPEC 5).
  await expectAll(stage, [...called, 'After'], { mayDouble: name => name !== 'After' })
})

// As the page leaves, a beacon tells at once whether there is quota.
scenario('a page without quota calls as it is left', {}, async stage => {
  const called = names('Last', 10)
  const to = tagged(stage, { n: 2 })
  const page = await openTagged(stage, { body: `<a href="${to}">Go</a>` })
  await hog(page, stage.other.url('/page?delay=8000'))
  await page.evaluate(many => {
    addEventListener('pagehide', () => {
      for (const name of many) pw('event', name, { text: 'x'.repeat(2000) })
    })
  }, called)
  await page.click('a')
  await page.waitFor(() => location.search.includes('n=2'))
  await running(page)
  await expectAll(stage, called)
})

scenario(
  'a hundred answers that may not be stored',
  { engines: ['chromium', 'webkit'] },
  async stage => {
    const called = names('NoStore', 100)
    stage.api.behave({ noStore: true })
    const page = await openTagged(stage)
    for (let i = 0; i < called.length; i += 20) {
      await callFat(page, called.slice(i, i + 20), 2500)
      await until(() => stage.api.accepted('postEvent').length >= i + 20)
    }
    await expectAll(stage, called)
  },
)

scenario(
  'an event too large is refused, and blocks nothing',
  { engines: ['chromium'] },
  async stage => {
    const page = await openTagged(stage)
    await page.evaluate(() => {
      window.ends = []
      pw('on', '*', ({ type, request }) => ends.push([type, request.event]))
      for (const name of ['Small-1', 'Large', 'Small-2']) {
        pw('event', name, { text: 'x'.repeat(name === 'Large' ? 70_000 : 10) })
      }
    })
    await expectAll(stage, names('Small', 2))
    assert.deepEqual((await page.evaluate('ends')).sort(), [
      ['delivered', 'Small-1'],
      ['delivered', 'Small-2'],
      ['refused', 'Large'],
    ])
  },
)

scenario('a thousand events in one tick', { engines: ['chromium', 'firefox'] }, async stage => {
  const called = names('Many', 1000)
  const page = await openTagged(stage)
  await callAll(page, called)
  assert.equal(await flushed(page), true)
  await expectAll(stage, called, { timeout: 30_000 })
})

scenario(
  'the tag is there twice, and a third time as a script',
  { engines: ['chromium', 'webkit'] },
  async stage => {
    const { options } = stage
    const snippet = await readFile(new URL('../../dist/snippet.js', import.meta.url), 'utf8')
    const init = `pw('init', ${JSON.stringify(options)})`
    const again = `<script>${snippet.replace('PW_SRC', '/pw.js?2')};${init};pw('event', 'Second')</script>`
    // Whichever comes first is the one that starts.
    const data = Object.entries(options).map(([name, value]) => `data-${name}="${value}"`)
    const plain = `<script async src="/pw.js?3" ${data.join(' ')}></script>`
    const calls = [['event', 'First']]
    for (const [i, src] of ['/pw.js', '/pw.js?delay=400'].entries()) {
      const page = await openTagged(stage, { n: i, src, calls, body: again + plain })
      await callAll(page, ['Third'])
      await page.goto(tagged(stage, { n: `${i}b` }))
      await running(page)
      stage.t.diagnostic(`round ${i + 1}`)
      await expectAll(stage, ['First', 'Second', 'Third'])
      stage.api.reset()
    }
  },
)

// The Tag Manager template on real pages: its code is run over the template API (test/pages/template-api.js), and its
// script address is that of dist/pw.js. Not covered: Tag Manager's own interpreter, and its triggers.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { readTemplate } from '../gtm-template.mjs'
import { expectExactlyOnce, scenario, until } from '../support/scenario.mjs'
import { state, stubPage, taken, warnings } from '../support/tag.mjs'

const { json, text } = readTemplate(
  readFileSync(new URL('../../gtm/template.tpl', import.meta.url), 'utf8'),
)

/** What Tag Manager does on a page: `fire(tag, data)` fires a tag, `outcomes` tells what became of each. */
const container = async (page, { consent, src = '/pw.js' } = {}) => {
  await page.evaluate(
    (code, permissions, consent, src) =>
      import('/pages/template-api.js').then(({ createTemplateApi, runTemplate }) => {
        const address = () => src
        const made = createTemplateApi({ scope: window, permissions, address, consent })
        window.__gtm = {
          outcomes: [],
          setConsent: made.setConsent,
          fire: (tag, data) => {
            const outcome = kind => () => window.__gtm.outcomes.push(`${tag} ${kind}`)
            const ends = { gtmOnSuccess: outcome('success'), gtmOnFailure: outcome('failure') }
            runTemplate(code, { ...data, ...ends }, made.api)
          },
        }
      }),
    text('SANDBOXED_JS_FOR_WEB_TEMPLATE'),
    json('WEB_PERMISSIONS'),
    consent,
    src,
  )
  return {
    fire: (tag, data) => page.evaluate((tag, data) => void __gtm.fire(tag, data), tag, data),
    setConsent: changes => page.evaluate(changes => void __gtm.setConsent(changes), changes),
    outcomes: async () => (await page.evaluate('__gtm.outcomes')).sort(),
  }
}

const init = ({ options }, more) => ({ command: 'init', consent: 'granted', ...options, ...more })

scenario('events, registrations and log-outs arrive through Tag Manager', {}, async stage => {
  const { browser, site, api } = stage
  const page = await browser.open(site.page())
  const { fire, outcomes } = await container(page)
  await fire('early', { command: 'event', eventName: 'Early' })
  await fire('init', init(stage, { clicks: false, deviceType: '12' }))
  await fire('register', { command: 'register', userId: '007' })
  await fire('event', {
    command: 'event',
    eventName: 'Bought',
    attributes: [
      { name: 'zip', value: '007' },
      { name: 'price', value: 9.5 },
      { name: 'gift', value: true },
      { name: 'items', value: [{ id: '1' }] },
    ],
  })
  await fire('reset', { command: 'reset' })
  await fire('late', { command: 'event', eventName: 'Late' })
  await expectExactlyOnce(api, ['Early', 'Bought', 'Late'], { settle: 200 })
  const byName = Object.fromEntries(taken(api).map(request => [request.event, request]))
  assert.deepEqual(byName.Bought.attributes, {
    zip: '007',
    price: 9.5,
    gift: true,
    items: [{ id: '1' }],
  })
  assert.deepEqual(
    [byName.Early, byName.Bought, byName.Late].map(({ userId }) => userId),
    [undefined, '007', undefined],
  )
  assert.equal(byName.Bought.device_type, 12)
  await until(async () => (await outcomes()).length === 6)
  assert.deepEqual(
    await outcomes(),
    ['early', 'event', 'init', 'late', 'register', 'reset'].map(tag => `${tag} success`),
  )
  assert.deepEqual(await warnings(page), [])
  const scripts = site.requests.filter(url => url === '/pw.js')
  assert.equal(scripts.length, 1, 'one script for all tags')
})

scenario('Tag Manager’s Consent Mode is the tag’s consent', {}, async stage => {
  const { browser, site, api } = stage
  const page = await browser.open(site.page())
  const { fire, setConsent, outcomes } = await container(page, {
    consent: { analytics_storage: 'denied', ad_storage: 'denied' },
  })
  await fire('init', init(stage, { consent: 'consentMode', analytics_storage: true }))
  await fire('event', { command: 'event', eventName: 'Waiting' })
  await until(async () => (await outcomes()).length === 2)
  assert.equal((await state(page)).consent, 'pending')
  assert.equal(api.requests.length, 0)
  await setConsent({ analytics_storage: 'granted' })
  await expectExactlyOnce(api, ['Waiting'], { settle: 0 })
  await setConsent({ analytics_storage: 'denied' })
  assert.equal((await state(page)).consent, 'denied')
})

// That a script is missing stands in some consoles, and is no error of the page's.
scenario('a tag whose script is blocked fails, and its calls go later', {}, async stage => {
  const { browser, site, api } = stage
  const page = await browser.open(site.page())
  const { fire, outcomes } = await container(page, { src: '/pw.js?status=404' })
  await fire('init', init(stage))
  await fire('event', { command: 'event', eventName: 'Kept' })
  await until(async () => (await outcomes()).length === 2)
  assert.deepEqual(await outcomes(), ['event failure', 'init failure'])
  await page.evaluate(() => {
    document.head.append(Object.assign(document.createElement('script'), { src: '/pw.js' }))
  })
  await expectExactlyOnce(api, ['Kept'], { settle: 0 })
  assert.deepEqual(await outcomes(), ['event failure', 'init failure'])
})

scenario('a page with the snippet gets no other script', { engines: ['chromium'] }, async stage => {
  const { browser, site, api } = stage
  const url = stubPage(stage, '', { src: '/pw.js?delay=3000' })
  const page = await browser.open(url, { until: 'domcontentloaded' })
  const { fire, outcomes } = await container(page)
  await fire('event', { command: 'event', eventName: 'Bought', isOnPage: true })
  assert.deepEqual(await outcomes(), [])
  await expectExactlyOnce(api, ['Bought'], { settle: 0 })
  await until(async () => (await outcomes()).join() === 'event success')
  assert.equal(site.requests.filter(url => url.startsWith('/pw.js')).length, 1)
})

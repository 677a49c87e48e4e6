import assert from 'node:assert/strict'
import { test } from 'node:test'
import '../support/ts.mjs'

const { deviceType } = await import('../../src/config.ts')

const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const linux = 'Mozilla/5.0 (X11; Linux x86_64)'
const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)'
const android = 'Mozilla/5.0 (Linux; Android 10; K)'
const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)'
const blink = 'AppleWebKit/537.36 (KHTML, like Gecko)'

const agents = {
  12: {
    'Firefox on Windows': 'Mozilla/5.0 (Windows NT 10.0; rv:145.0) Gecko/20100101 Firefox/145.0',
    'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Firefox on Android': 'Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0',
    'Firefox on iPhone': `${iphone} ${webkit} FxiOS/145.0 Mobile/15E148 Safari/605.1.15`,
    'Firefox on iPad': `${mac} ${webkit} FxiOS/145.0 Safari/605.1.15`,
  },
  10: {
    'Safari on Mac': `${mac} ${webkit} Version/18.5 Safari/605.1.15`,
    'Safari on iPhone': `${iphone} ${webkit} Version/18.5 Mobile/15E148 Safari/604.1`,
    'Safari on iPad': `${mac} ${webkit} Version/26.0 Mobile/15E148 Safari/604.1`,
    WebKitGTK: `${linux} ${webkit} Version/26.0 Safari/605.1.15`,
  },
  11: {
    'Chrome on Mac': `${mac} ${blink} Chrome/142.0.0.0 Safari/537.36`,
    'Chrome on Android': `${android} ${blink} Chrome/142.0.0.0 Mobile Safari/537.36`,
    'Chrome on iPhone': `${iphone} ${webkit} CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1`,
    Edge: `${windows} ${blink} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`,
    'Edge on iPhone': `${iphone} ${webkit} Version/18.0 EdgiOS/142.0.3595.66 Mobile/15E148 Safari/604.1`,
    Opera: `${windows} ${blink} Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0`,
    'Opera on iPhone': `${iphone} ${webkit} Version/18.5 Mobile/15E148 Safari/604.1 OPT/6.2.0`,
    'Samsung Internet': `${android} ${blink} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    'Android WebView': `Mozilla/5.0 (Linux; Android 15; Pixel 8 Build/AP4A; wv) ${blink} Version/4.0 Chrome/142.0.7444.102 Mobile Safari/537.36`,
    'Android Browser': `Mozilla/5.0 (Linux; U; Android 4.0.3) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30`,
    'headless Chromium': `${linux} ${blink} HeadlessChrome/156.0.0.0 Safari/537.36`,
    'a web view of an iPhone': `${iphone} ${webkit} Mobile/15E148`,
    'Internet Explorer': 'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko',
    nothing: '',
  },
}

for (const [type, browsers] of Object.entries(agents)) {
  for (const [name, agent] of Object.entries(browsers)) {
    test(`${name} is ${type}`, () => assert.equal(deviceType(agent), Number(type)))
  }
}

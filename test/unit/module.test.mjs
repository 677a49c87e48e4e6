// `import pw from 'pw-tag'` where there is no page: on a server.
import assert from 'node:assert/strict'
import { test } from 'node:test'

test('the module can be imported without a window, and its calls do nothing', async () => {
  const before = Object.getOwnPropertyNames(globalThis)
  const { default: pw } = await import('../../dist/pw.mjs')
  const application = 'AAAAA-BBBBB'
  const never = () => assert.fail('called back')
  pw('init', { application })
  pw('event', 'A')
  pw('get', never)
  pw('flush', never, 0)
  pw.q.push(['event', 'B'])
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.deepEqual(Object.getOwnPropertyNames(globalThis), before)
})

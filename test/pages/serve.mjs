// node test/pages/serve.mjs: serves the pages of this folder, with a sandbox of the API, to be opened by hand.
import { readdirSync } from 'node:fs'
import { createSandbox } from '../../demo/sandbox.mjs'
import { createSite } from '../support/site.mjs'

const api = createSandbox({ token: null })
const options = { application: 'AAAAA-BBBBB', endpoint: await api.listen() }
const site = await createSite()
api.on(({ type, method, raw, statusCode }) => {
  if (type === 'request') console.log(method, statusCode, raw)
})
for (const name of readdirSync(new URL('.', import.meta.url))) {
  if (!name.endsWith('.html')) continue
  console.log(site.url(`/pages/${name}?${new URLSearchParams({ init: JSON.stringify(options) })}`))
}

import { readDist } from '../support/dist.mjs'
import { html } from '../support/pages.mjs'
import { PEERS } from './list.mjs'
import { peerScript, readPackage } from './scripts.mjs'

/** The tag, and a `fetch` by hand, described as the peers are. */
const OURS = {
  name: 'pw-tag',
  init: api => `pw('init', { application: 'AAAAA-BBBBB', endpoint: '${api}/json/1.3' })`,
  event: name => `pw('event', '${name}')`,
}
const BARE = {
  name: 'bare fetch',
  init: api => `api = '${api}'`,
  event: name => `fetch(api + '/event', { method: 'POST', body: '${name}', keepalive: true })`,
}

/**
 * All that can be driven on a page, each with its pages for `measureDelivery`: `/page`, `/slow`, on which the script never
 * comes, if calls can be made before that, and `/next`, without the tag.
 */
export async function loadTags() {
  const [script, snippet] = await Promise.all([readDist('pw.js'), readDist('snippet.js')])
  const ours = tag(OURS, script, snippet.replace('PW_SRC', '/script.js'))
  const peers = PEERS.filter(({ init }) => init).map(async peer => {
    const { pkg, aim } = peer
    const stub = peer.snippet && aim(await readPackage(pkg, peer.snippet))
    return tag(peer, await peerScript(peer), stub)
  })
  return [ours, tag(BARE, ''), ...(await Promise.all(peers))]
}

function tag({ name, init, event, routes }, script, stub) {
  const inline = code => `<script>${code}</script>`
  const start = stub ? inline(stub) : '<script src="/script.js"></script>'
  return {
    name,
    event,
    routes,
    hasStub: Boolean(stub),
    pages: api => ({
      '/script.js': script,
      '/never.js': null,
      '/page': html(start, inline(init(api))),
      '/slow': html(start.replace('/script.js', '/never.js'), inline(init(api))),
      '/next': html(),
    }),
  }
}

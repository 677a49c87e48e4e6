import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { PEERS } from '../peers/list.mjs'
import { readPackage, shippedScript } from '../peers/scripts.mjs'
import { readDist } from '../support/dist.mjs'
import { table } from '../support/rows.mjs'
import { withoutSource } from '../support/source-map.mjs'

const brotli = text =>
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

const sizes = text => ({
  raw: Buffer.byteLength(text),
  gzip: gzipSync(text, { level: 9 }).length,
  brotli: brotli(text),
})

/** What is shipped, and what each module is of that. */
export const size = {
  title: 'Size',
  async run() {
    const [tag, snippet, map] = await Promise.all([
      readDist('pw.js'),
      readDist('snippet.js'),
      readDist('pw.js.map').then(JSON.parse),
    ])
    const files = [{ name: 'pw-tag', ...sizes(tag), snippet: snippet.trim().length }]
    for (const peer of PEERS) {
      const inline = peer.snippet && (await readPackage(peer.pkg, peer.snippet))
      files.push({
        name: peer.file ? peer.name : `${peer.name} (bundled)`,
        ...sizes(await shippedScript(peer)),
        snippet: inline?.trim().length,
      })
    }
    const modules = map.sources.map((source, index) => ({
      name: source.replace(/^.*?(?=src\/|node_modules\/)/, '').replace('node_modules/', ''),
      brotli: brotli(tag) - brotli(withoutSource(tag, map, index)),
    }))
    return { files, modules: modules.sort((a, b) => b.brotli - a.brotli) }
  },
  text: ({ files, modules }) =>
    [
      table(
        ['', 'raw', 'gzip', 'brotli', 'inline snippet'],
        files
          .toSorted((a, b) => a.brotli - b.brotli)
          .map(one => [one.name, one.raw, one.gzip, one.brotli, one.snippet ?? '']),
      ),
      'What `pw.js` would be smaller by (brotli) without the code of each module, by its source map:',
      table(
        ['module', 'bytes'],
        modules.map(({ name, brotli: bytes }) => [name, bytes]),
      ),
    ].join('\n\n'),
}

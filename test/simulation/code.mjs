import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { globalNames } from './globals.mjs'

const src = new URL('../../src/', import.meta.url)

/** Changes the source on its way into the bundle, for a mutation. */
const mutate = ({ file, find, replace }) => ({
  name: 'mutate',
  setup(builder) {
    builder.onLoad({ filter: new RegExp(`[\\\\/]${file}$`) }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const contents = text.replace(find, replace)
      if (contents === text) throw new Error(`${file} has nothing like ${find}`)
      return { contents, loader: 'ts' }
    })
  },
})

const bundle = async (entry, mutation) => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, src))],
    bundle: true,
    format: 'iife',
    target: 'es2020',
    write: false,
    define: { __VERSION__: '"simulated"' },
    plugins: mutation ? [mutate(mutation)] : [],
    logLevel: 'silent',
  })
  return new Function(...globalNames, outputFiles[0].text)
}

/** The real tag and its stub, as functions of the globals of a page. */
export const loadCode = async mutation => ({
  tag: await bundle('main.ts', mutation),
  stub: await bundle('snippet.ts'),
})

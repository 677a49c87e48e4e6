import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import nodeResolve from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import typescript from '@rollup/plugin-typescript'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

const generatedCode = { preset: 'es2015', symbols: false }

const resolve = () => nodeResolve({ browser: true, exportConditions: ['browser', 'development'] })

const compile = sourceMap =>
  typescript({ noEmit: false, sourceMap, rewriteRelativeImportExtensions: true })

const shrink = (ecma = 2018) =>
  terser({ ecma, compress: { passes: 3, ecma }, format: { ascii_only: true, ecma } })

/** Puts the version of package.json in place of `__VERSION__`. */
const versioned = () => ({
  name: 'version',
  renderChunk: code => ({ code: code.replace('__VERSION__', JSON.stringify(version)), map: null }),
})

/** Writes the hash of each file that a page may load with `<script integrity>`. */
const integrity = files => ({
  name: 'integrity',
  writeBundle({ dir }) {
    const hashes = files.map(file => {
      const hash = createHash('sha384').update(readFileSync(`${dir}/${file}`))
      return [file, `sha384-${hash.digest('base64')}`]
    })
    writeFileSync(
      `${dir}/integrity.json`,
      `${JSON.stringify({ version, files: Object.fromEntries(hashes) }, null, 2)}\n`,
    )
  },
})

export default [
  {
    input: 'src/index.ts',
    output: { dir: 'dist', entryFileNames: 'pw.mjs', format: 'es', generatedCode },
    plugins: [resolve(), compile(false), versioned(), shrink()],
  },
  {
    input: 'src/snippet.ts',
    output: { dir: 'dist', entryFileNames: 'snippet.js', format: 'es', generatedCode },
    plugins: [compile(false), shrink(5)],
  },
  {
    input: 'src/main.ts',
    output: {
      dir: 'dist',
      entryFileNames: 'pw.js',
      format: 'iife',
      sourcemap: true,
      generatedCode,
      // A page may have removed or replaced Promise; async functions keep the real one.
      intro: 'const Promise = (async () => {})().constructor',
    },
    plugins: [resolve(), compile(true), versioned(), shrink(), integrity(['pw.js'])],
  },
]

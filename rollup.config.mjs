import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import nodeResolve from '@rollup/plugin-node-resolve'
import typescript from '@rollup/plugin-typescript'
import { minify } from 'uglify-js'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

const generatedCode = { preset: 'es2015', symbols: false }

const resolve = () => nodeResolve({ browser: true, exportConditions: ['browser', 'development'] })

const compile = sourceMap =>
  typescript({ noEmit: false, sourceMap, rewriteRelativeImportExtensions: true })

/** Names of our own that stand in no database, on no wire and in no API that the tag uses: shortened in the bundle. */
const internal =
  /^(alive|isMore|answer|baseUrl|bytes|claim|comeBack|copy|cut|drain|dropped|ended|erase|fields|flying|fragile|gather|handOver|hold|hurry|items|kind|known|learn|leave|list|load|newestAt|notBefore|offset|others|outbox|prepare|record|records|registration|release|remove|rest|room|setConsent|exchange|batches|want|since|spool|stored|take|takeAll|takeMemory|total|transact|unfinished|use|wake)$/

/** Numbers that have a name, in its place: uglify leaves those alone that a function might read too early. */
const withoutNames = code => {
  const numbers = new Map()
  return code
    .replace(/^const ([A-Z_]+(?:\$\d)?) = ([\d_]+);$/gm, (_, name, number) => {
      numbers.set(name, number)
      return ''
    })
    .replace(/(?<![\w$.'])[A-Z_]+(?:\$\d)?(?![\w$])/g, name => numbers.get(name) ?? name)
}

const shrink = (
  compress = {},
  properties = { regex: internal, domprops: true, builtins: true },
) => ({
  name: 'shrink',
  renderChunk(chunk, { fileName }, { sourcemap }) {
    // It does not look into a `const` of the top, which might be read too early.
    const source = withoutNames(chunk).replace(/^(const|let) /gm, 'var ')
    const { code, map, error } = minify(source, {
      compress: { passes: 10, unsafe: true, pure_getters: true, keep_fargs: false, ...compress },
      mangle: { properties },
      module: fileName !== 'snippet.js',
      toplevel: fileName !== 'snippet.js',
      output: { ascii_only: true, quote_style: 1 },
      sourceMap: sourcemap && { includeSources: true },
    })
    if (error) throw error
    return { code, map: map ? JSON.parse(map) : null }
  },
})

/** Larger, but brotli finds more to share in it. */
const compact = {
  evaluate: 'eager',
  inline: 1,
  loops: false,
  sequences: 10,
  unsafe_proto: true,
}

/** idb-keyval's default store, which the tag never uses, would carry its whole `createStore` along. */
const withoutDefaultStore = () => ({
  name: 'without-default-store',
  transform: (code, id) =>
    id.includes('idb-keyval') && {
      code: code.replaceAll(' = defaultGetStore()', ''),
      map: { mappings: '' },
    },
})

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

/** What `pw.d.ts` says after the types of `src/types.ts`: what the module gives, and what the script puts on the page. */
const declarations = `
/**
 * The tag for bundlers. Importing it has no effect; the first \`pw('init', …)\` starts it. Where there is no \`window\`,
 * calls do nothing.
 */
declare const pw: Pw
export default pw

declare global {
  interface Window {
    pw: Pw
  }
  var pw: Pw
}
`

const tagTypes = () => readFileSync(new URL('src/types.ts', import.meta.url), 'utf8') + declarations

/** What `pw-debug.d.ts` says: that there is something to be imported, which gives nothing. */
const panelTypes = () => 'export {}\n'

const types = (fileName, describe) => ({
  name: 'types',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName, source: describe() })
  },
})

// A page may have removed or replaced Promise; async functions keep the real one.
const intro = 'const Promise = (async () => {})().constructor'

export default [
  {
    input: 'src/index.ts',
    output: { dir: 'dist', entryFileNames: 'pw.mjs', format: 'es', generatedCode },
    plugins: [
      withoutDefaultStore(),
      resolve(),
      compile(false),
      versioned(),
      shrink(compact),
      types('pw.d.ts', tagTypes),
    ],
  },
  {
    input: 'src/snippet.ts',
    output: { dir: 'dist', entryFileNames: 'snippet.js', format: 'es', generatedCode },
    plugins: [compile(false), shrink()],
  },
  {
    input: 'src/panel/main.ts',
    output: {
      dir: 'dist',
      entryFileNames: 'pw-debug.js',
      format: 'iife',
      indent: false,
      strict: false,
      generatedCode,
      intro,
    },
    // Much of what it calls in the browser has names that the tag shortens.
    plugins: [
      withoutDefaultStore(),
      resolve(),
      compile(false),
      shrink(compact, false),
      types('pw-debug.d.ts', panelTypes),
    ],
  },
  {
    input: 'src/main.ts',
    output: {
      dir: 'dist',
      entryFileNames: 'pw.js',
      format: 'iife',
      indent: false,
      strict: false,
      // The map is there, but no visitor pays for its address.
      sourcemap: 'hidden',
      generatedCode,
      intro,
    },
    plugins: [
      withoutDefaultStore(),
      resolve(),
      compile(true),
      versioned(),
      shrink(compact),
      integrity(['pw.js', 'pw-debug.js']),
    ],
  },
]

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

/** A hook of Node's for loading modules: strips the types. */
export async function load(url, context, next) {
  if (!/^file:.*\.ts$/.test(url)) return next(url, context)
  const path = fileURLToPath(url)
  const { code } = await transform(await readFile(path, 'utf8'), {
    loader: 'ts',
    target: 'es2020',
    sourcefile: path,
    sourcemap: 'inline',
    define: { __VERSION__: '"0.0.0-test"' },
  })
  return { format: 'module', source: code, shortCircuit: true }
}

import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { transformSync } from 'esbuild'

// Importing this file lets what is imported dynamically after it be TypeScript. Node runs hooks in a thread of their
// own, where this file is loaded once more.
if (isMainThread) register(import.meta.url)

/** A module hook of Node's: takes the types out of a `.ts` file. */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts')) return nextLoad(url, context)
  const source = await readFile(new URL(url), 'utf8')
  const { code } = transformSync(source, {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcefile: fileURLToPath(url),
    sourcemap: 'inline',
    define: { __VERSION__: '"0.0.0-test"' },
  })
  return { format: 'module', source: code, shortCircuit: true }
}

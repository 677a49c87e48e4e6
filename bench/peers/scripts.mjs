import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const packages = new URL('../node_modules/', import.meta.url)

export const readPackage = (pkg, file) => readFile(new URL(`${pkg}/${file}`, packages), 'utf8')

/** A peer's module as a site's bundler would make it. */
export async function bundle(code) {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2020',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  })
  return outputFiles[0].text
}

/** The script that a page loads to have the peer. */
export const peerScript = ({ pkg, file, module }) =>
  module ? bundle(module) : readPackage(pkg, file)

/** What the peer ships, or, if it ships nothing for a page, what a bundler makes of it. */
export const shippedScript = ({ pkg, file, module }) =>
  file ? readPackage(pkg, file) : bundle(module)

import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = process.env.DIST
  ? resolve(process.env.DIST)
  : fileURLToPath(new URL('../../dist/', import.meta.url))

/** A file of the build that is measured: `dist`, or the folder that DIST names. */
export const readDist = name => readFile(join(folder, name), 'utf8')

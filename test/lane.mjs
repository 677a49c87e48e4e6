// Runs test files in one process, one after the other, with one browser an engine for all of them:
// `ENGINES=webkit node --test-reporter=spec test/lane.mjs test/e2e/wire.test.mjs …`.
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

for (const file of process.argv.slice(2)) await import(pathToFileURL(resolve(file)))

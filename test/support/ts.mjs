import { register } from 'node:module'

/**
 * From here on this process can `await import()` the TypeScript of src as it stands. Not with a static import beside this
 * one: those are loaded before it runs.
 */
register('./ts-hooks.mjs', import.meta.url)

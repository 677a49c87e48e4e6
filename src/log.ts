import { attempt } from './attempt.ts'

/**
 * The console, with a prefix, where the page has left one that works. Warnings are for mistakes in a call; the rest is for
 * `debug`.
 */

const warned = new Set<string>()
let on = false

/**
 * Says, once a page for each kind of mistake, which call it was, what was wrong with it and what was done; and shows what
 * was given.
 */
export const warn = (call: string, wrong: string, given?: unknown, done = 'ignored'): void => {
  const message = `[pw-tag] ${call}: ${wrong}; ${done}`
  if (!warned.has(message)) attempt(() => console.warn(message, given))
  warned.add(message)
}

/** What `debug` has said, and when (ms since 1970): for the panel. */
export const said: [time: number, message: string, detail: unknown][] = []

/** Says what happens to a call, where `debug` is on. */
export const debug = (message: string, detail: unknown): void => {
  if (!on) return
  attempt(() => console.log(`[pw-tag] ${message}`, detail))
  said.push([Date.now(), message, detail])
}

export const enableDebug = (): void => {
  on = true
}

export const isDebugged = (): boolean => location.hash === '#pw-debug'

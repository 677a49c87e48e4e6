/** The console, with a prefix. Warnings are for mistakes in a call; the rest is for `debug`. */

/** What is done with most bad calls. */
export const IGNORED = 'ignored'

const said = new Set<string>()
let on = false

/**
 * Says, once a page for each kind of mistake, which call it was, what was wrong with it and what was done; and shows what
 * was given.
 */
export const warn = (call: string, wrong: string, done: string, given?: unknown): void => {
  const message = `[pw-tag] ${call}: ${wrong}; ${done}`
  if (!said.has(message)) console.warn(message, given)
  said.add(message)
}

/** Says what happens to a call, where `debug` is on. */
export const debug = (message: string, detail?: unknown): void => {
  if (on) console.log(`[pw-tag] ${message}`, detail)
}

export const enableDebug = (): void => {
  on = true
}

/** The console, with a prefix. Warnings are for mistakes in a call; the rest is for `debug`. */
export interface Log {
  /**
   * Says, once a page for each kind of mistake, which call it was, what was wrong with it and what was done; and shows
   * what was given.
   */
  warn(call: string, wrong: string, done: string, given?: unknown): void
  /** Says what happens to a call, where `debug` is on. */
  debug(message: string, detail?: unknown): void
  enable(): void
}

/** What is done with most bad calls. */
export const IGNORED = 'the call was ignored'

export const createLog = (): Log => {
  const said = new Set<string>()
  let on = false
  return {
    warn(call, wrong, done, given) {
      const message = `[pw-tag] ${call}: ${wrong}; ${done}`
      if (!said.has(message)) console.warn(message, given)
      said.add(message)
    },
    debug(message, detail) {
      if (on) console.log(`[pw-tag] ${message}`, detail)
    },
    enable() {
      on = true
    },
  }
}

/** The console, with a prefix. Warnings are for mistakes in a call; the rest is for `debug`. */
export interface Log {
  /** Says `message` once per `kind` and page: a mistake in a loop must not flood the console. */
  warn(kind: string, message: string): void
  /** Says what happens to a call, where `debug` is on. */
  debug(message: string, detail?: unknown): void
  enable(): void
}

export const createLog = (): Log => {
  const said: string[] = []
  let on = false
  return {
    warn(kind, message) {
      if (said.indexOf(kind) < 0) {
        said.push(kind)
        console.warn(`[pw-tag] ${message}`)
      }
    },
    debug(message, detail) {
      if (on) console.log(`[pw-tag] ${message}`, detail === undefined ? '' : detail)
    },
    enable() {
      on = true
    },
  }
}

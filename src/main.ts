import { attempt } from './attempt.ts'
import { createCommands, VERSION } from './commands.ts'
import { readDataset } from './config.ts'
import { isDebugged } from './log.ts'
import { isRunning, takeOver } from './queue.ts'
import type { Pw } from './types.ts'

/** The panel lies beside `pw.js`. Where Trusted Types forbid to load it, there is the console. */
const loadPanel = (script: HTMLScriptElement) =>
  attempt(() => {
    const panel = document.createElement('script')
    panel.src = script.src.replace(/\.js\b/, '-debug.js')
    script.after(panel)
  })

const scope = window as { pw?: unknown }
const { currentScript } = document
// An element of that name may stand in its place (CVE-2024-45389).
const script = currentScript instanceof HTMLScriptElement && currentScript
const options = script && readDataset(script)

/** Entry of `pw.js`: starts once a page, however often the script is there; the options may stand on the one that comes later. */
if (isRunning(scope)) {
  if (options) attempt(() => (scope.pw as Pw)('init', options as never))
} else {
  const run = createCommands()
  if (options) run(['init', options], Date.now())
  takeOver(scope, VERSION, run)
  if (script && isDebugged()) loadPanel(script)
}

import { attempt } from './attempt.ts'
import { createCommands, VERSION } from './commands.ts'
import { readDataset } from './config.ts'
import { isDebugged } from './log.ts'
import { isRunning, takeOver } from './queue.ts'

/** The panel lies beside `pw.js`. Where Trusted Types forbid to load it, there is the console. */
const loadPanel = ({ src }: HTMLScriptElement) =>
  attempt(() => {
    const panel = document.createElement('script')
    panel.src = src.replace(/\.js\b/, '-debug.js')
    document.head.append(panel)
  })

/** Entry of `pw.js`: starts once a page, however often the script is there. */
if (!isRunning(window as { pw?: unknown })) {
  const run = createCommands()
  const script = document.currentScript
  const options = readDataset(script)
  if (options) run(['init', options], Date.now())
  takeOver(window as { pw?: unknown }, VERSION, run)
  if (script && isDebugged()) loadPanel(script as HTMLScriptElement)
}

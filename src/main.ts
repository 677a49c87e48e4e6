import { createCommands, VERSION } from './commands.ts'
import { readDataset } from './config.ts'
import { isRunning, takeOver } from './queue.ts'

/** Entry of `pw.js`: starts once a page, however often the script is there. */
if (!isRunning(window as { pw?: unknown })) {
  const run = createCommands()
  const options = readDataset(document.currentScript)
  if (options) run(['init', options], Date.now())
  takeOver(window as { pw?: unknown }, VERSION, run)
}

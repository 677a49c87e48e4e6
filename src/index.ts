import { createCommands, VERSION } from './commands.ts'
import { isRunning, takeOver } from './queue.ts'
import type { Pw } from './types.ts'

export type * from './types.ts'

/**
 * The tag for bundlers. Importing it has no effect; the first `pw('init', …)` starts it, or joins the one that runs on the
 * page already. Without a `window`, as under server rendering, calls do nothing.
 */
const call = function () {
  if (typeof window === 'undefined') return
  const scope = window as { pw?: Pw }
  // biome-ignore lint/complexity/noArguments: handed on as they are
  const args = arguments
  if (!queue && args[0] === 'init') {
    if (!isRunning(scope)) takeOver(scope, VERSION, createCommands())
    // The page may put something else of its own under that name later.
    queue = (scope.pw as Pw).q
    for (const call of early.splice(0)) queue.push(call)
  }
  if (queue) queue.push(args)
  else early.push(Object.assign(args, { t: Date.now() }))
}

let queue: Pw['q'] | undefined
const early: ArrayLike<unknown>[] = []

const pw: Pw = Object.assign(call as (...args: unknown[]) => void, {
  q: {
    push(...calls: ArrayLike<unknown>[]) {
      for (const args of calls) call.apply(null, args as never)
      return 0
    },
  },
})

export default pw

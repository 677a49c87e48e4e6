import type { Run } from './commands.ts'
import type { Pw, QueuedCall } from './types.ts'

/** What may stand under the name `pw` before the tag: the stub, a tag manager's queue, or anything. */
interface Found {
  q?: QueuedCall[]
  /** 0 on the stub, the version on a tag that runs: that something is called `pw` proves nothing. */
  v?: string | 0
  /** Whether the stub could write its spool: then the tag takes from there what is marked as being in it. */
  k?: 0 | 1
}

/** Whether a tag runs already, from another copy of the script. */
export const isRunning = (scope: { pw?: unknown }): boolean => {
  const found = scope.pw as Found | undefined
  return !!(found && found.v)
}

/**
 * Takes over from what stands under `scope.pw`, and keeps that function where it fills a queue: a page or a tag manager
 * may hold a reference to it. From then on what is pushed to the queue is run at once.
 */
export const takeOver = (scope: { pw?: unknown }, version: string, run: Run): Pw => {
  const found = scope.pw as Found | undefined
  const queue: QueuedCall[] = found && Array.isArray(found.q) ? found.q : []
  const pw = (typeof found === 'function' && (found as Found).q === queue
    ? found
    : function () {
        // biome-ignore lint/complexity/noArguments: the queue holds calls as they are
        queue.push(arguments)
      }) as unknown as Pw & Found
  const isKept = found && found.k
  const waiting = queue.splice(0)

  queue.push = (...calls: QueuedCall[]) => {
    for (const call of calls) run(call, (call && call.t) || Date.now())
    return 0
  }
  pw.q = queue
  scope.pw = pw
  for (const call of waiting) {
    if (!(isKept && call && call.k)) queue.push(call)
  }
  pw.v = version
  return pw
}

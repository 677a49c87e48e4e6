import type { Run } from './commands.ts'
import { localKeys, readLocal } from './local.ts'
import { said } from './log.ts'
import { SPOOL } from './spool.ts'
import type { Pw, QueuedCall } from './types.ts'

/** What may stand under the name `pw` before the tag: the stub, a tag manager's queue, or anything. */
interface Found {
  q?: QueuedCall[]
  /** 0 on the stub, the version on a tag that runs: that something is called `pw` proves nothing. */
  v?: string | 0
  /** Up to which place in its queue the stub could write its spool: the tag takes from there what is marked as being in it. */
  k?: number
  /** What `debug` has said. */
  d?: typeof said
}

/** An element or a frame of that name is inherited, and reading what it has may throw. */
const find = (scope: { pw?: unknown }): Found =>
  (Object.keys(scope).includes('pw') && (scope.pw as Found)) || {}

/** Whether a tag runs already, from another copy of the script. */
export const isRunning = (scope: { pw?: unknown }): boolean => !!find(scope).v

/**
 * Takes over from what stands under `scope.pw`, and keeps that function where it fills a queue: a page or a tag manager
 * may hold a reference to it. From then on what is pushed to the queue is run at once.
 */
export const takeOver = (scope: { pw?: unknown }, version: string, run: Run): Pw => {
  const found = find(scope)
  const queue: QueuedCall[] = Array.isArray(found.q) ? found.q : []
  const pw = (typeof found === 'function' && (found as Found).q === queue
    ? found
    : function () {
        // biome-ignore lint/complexity/noArguments: the queue holds calls as they are
        queue.push(arguments)
      }) as unknown as Pw & Found
  // Safari 26 shows a script that it takes for a tracker no value of localStorage, but the keys: what the page's own stub has
  // written there comes back from nowhere but the queue.
  const kept = (localKeys(SPOOL).every(readLocal) && found.k) as number
  const waiting = queue.splice(0)

  // What it returns, nobody reads.
  ;(queue as { push: unknown }).push = (...calls: QueuedCall[]) => {
    for (const call of calls) {
      let time: number | undefined
      try {
        if ((call.k as number) <= kept) continue
        time = +(call.t as number)
      } catch (_) {
        // It is no call: `run` says so.
      }
      run(call, time || Date.now())
    }
  }
  pw.q = queue
  scope.pw = pw
  queue.push(...waiting)
  pw.v = version
  pw.d = said
  return pw
}

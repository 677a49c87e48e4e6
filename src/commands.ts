import { readCall } from './calls.ts'
import { watchClicks } from './clicks.ts'
import { readConfig } from './config.ts'
import { toJson } from './json.ts'
import { listeners, tell } from './listeners.ts'
import { debug, enableDebug, isDebugged, warn } from './log.ts'
import { watchPages } from './pages.ts'
import type { Attributes, End, EndType, State } from './types.ts'
import { createVisit, type Visit } from './visit.ts'

/** The version in package.json, put in by the build. */
declare const __VERSION__: string
export const VERSION: string = __VERSION__

const FLUSH_TIMEOUT_MS = 2_000

const endTypes = ['delivered', 'refused', 'dropped', '*']

export type Run = (args: ArrayLike<unknown>, time: number) => void

/**
 * The commands by name. Each is read when it is called, while its arguments are what they were, and done at once or, where
 * `init` has not been called yet, in order after it.
 */
export const createCommands = (): Run => {
  let visit: Visit | undefined
  let first: string | undefined
  const soon = (act: (visit: Visit) => void) => {
    if (visit) act(visit)
    else early.push(act)
  }
  const early: ((visit: Visit) => void)[] = []

  const request: Run = (args, time) => {
    const call = readCall(args, time)
    if (!call) return
    debug('call', args)
    soon(visit => visit.take(call))
  }

  const commands: Record<PropertyKey, Run> = {
    event: request,
    register: request,
    reset: request,

    consent({ 1: choice }) {
      if (choice === 'granted' || choice === 'denied') soon(visit => visit.setConsent(choice))
      else warn('consent', 'must be granted or denied', choice)
    },

    init({ 1: options }, time) {
      const text = toJson(options)
      if (visit) {
        if (text !== first) warn('init', 'was called before')
        return
      }
      const config = readConfig(options)
      if (!config) return
      first = text
      if (config.debug || isDebugged()) enableDebug()
      debug('init', config.application)
      visit = createVisit(config)
      early.forEach(soon)
      if (config.userId) request(['register', config.userId], time)

      const post = (name: string, attributes: Attributes) =>
        run(['event', name, attributes], Date.now())
      if (config.pageEvent) watchPages(config.pageEvent, post)
      if (config.clicks) watchClicks(post)
    },

    flush(args) {
      let callback: (delivered: boolean) => void = () => {}
      let timeoutMs = FLUSH_TIMEOUT_MS
      for (const given of [args[1], args[2]]) {
        if (typeof given === 'function') callback = given as typeof callback
        else if (Number.isFinite(given)) timeoutMs = given as number
        else if (given) warn('flush', 'callback must be a function', given)
      }
      new Promise<boolean>(resolve => {
        setTimeout(resolve, timeoutMs, false)
        soon(visit => visit.drain(resolve))
      }).then(delivered => tell(callback, delivered))
    },

    get({ 1: callback }) {
      if (typeof callback === 'function') {
        soon(visit =>
          visit.answer(state =>
            tell(callback as (state: State) => void, { ...state, version: VERSION }),
          ),
        )
      } else warn('get', 'callback must be a function', callback)
    },

    on({ 1: type, 2: listener }) {
      if (endTypes.includes(type as string) && typeof listener === 'function') {
        listeners.push([type as EndType | '*', listener as (end: End) => void])
      } else warn('on', `must be ${endTypes} and a function`, type)
    },
  }

  const run: Run = (args, time) => {
    try {
      const name = args[0] as string
      if (Object.keys(commands).includes(name)) commands[name](args, time)
      else warn('pw', 'unknown command', name)
    } catch (error) {
      warn('pw', 'failed', error)
    }
  }
  return run
}

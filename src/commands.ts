import { readCall } from './calls.ts'
import { readConfig } from './config.ts'
import { toJson } from './json.ts'
import { createLifecycle } from './lifecycle.ts'
import { createListeners, tell } from './listeners.ts'
import { createLog, IGNORED } from './log.ts'
import type { End, EndType, State } from './types.ts'
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
  const log = createLog()
  const listeners = createListeners(log)
  let visit: Visit | undefined
  let first: string | undefined
  let early: ((visit: Visit) => void)[] = []

  const soon = (act: (visit: Visit) => void) => {
    if (visit) act(visit)
    else early.push(act)
  }

  const request: Run = (args, time) => {
    const call = readCall(args, time, log)
    if (!call) return
    log.debug(`${args[0]}`, args)
    if (call.kind === 'refused') {
      listeners.emit({
        type: 'refused',
        method: 'postEvent',
        request: { event: call.name },
        reason: call.reason,
        attempts: 0,
      })
    } else soon(visit => visit.call(call))
  }

  const commands: Record<string, Run> = {
    event: request,
    register: request,
    reset: request,

    init({ 1: options }, time) {
      const text = toJson(options)
      if (visit) {
        if (text !== first) log.warn('init', 'called before with other options', IGNORED)
        return
      }
      const config = readConfig(options, log)
      if (!config) return
      first = text
      if (config.debug || location.hash === '#pw-debug') log.enable()
      log.debug('init', { ...config, token: config.token && '(not shown)' })
      visit = createVisit(config, log, listeners, createLifecycle())
      for (const act of early) act(visit)
      early = []
      if (config.userId) request(['register', config.userId], time)
    },

    consent({ 1: choice }) {
      if (choice === 'granted' || choice === 'denied') soon(visit => visit.consent(choice))
      else log.warn('consent', 'must be "granted" or "denied"', IGNORED, choice)
    },

    flush(args) {
      let callback: ((delivered: boolean) => void) | undefined
      let timeoutMs = FLUSH_TIMEOUT_MS
      for (const given of [args[1], args[2]]) {
        if (typeof given === 'function') callback = given as typeof callback
        else if ((given as number) >= 0) timeoutMs = given as number
        else if (given !== undefined) {
          log.warn('flush', 'wants a callback and a time in ms', 'the rest was ignored', given)
        }
      }
      let told = false
      const once = (delivered: boolean) => {
        if (!told && callback) tell(callback, delivered)
        told = true
      }
      setTimeout(once, timeoutMs, false)
      soon(visit => visit.flush(once, timeoutMs))
    },

    get({ 1: callback }) {
      if (typeof callback !== 'function') log.warn('get', 'wants a callback', IGNORED, callback)
      else {
        soon(visit =>
          visit.get(state =>
            tell(callback as (state: State) => void, { ...state, version: VERSION }),
          ),
        )
      }
    },

    on({ 1: type, 2: listener }) {
      if (endTypes.indexOf(type as string) >= 0 && typeof listener === 'function') {
        listeners.add(type as EndType | '*', listener as (end: End) => void)
      } else log.warn('on', `wants a type (${endTypes}) and a listener`, IGNORED, type)
    },
  }

  return (args, time) => {
    try {
      const name = args[0] as string
      if (typeof name === 'string' && Object.prototype.hasOwnProperty.call(commands, name)) {
        commands[name](args, time)
      } else log.warn('pw', 'unknown command', IGNORED, name)
    } catch (error) {
      log.warn('pw', 'the call failed', 'it was ignored', error)
    }
  }
}

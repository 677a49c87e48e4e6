import { describe, readCall } from './calls.ts'
import { readConfig } from './config.ts'
import { toJson } from './json.ts'
import { createLifecycle } from './lifecycle.ts'
import { createListeners, tell } from './listeners.ts'
import { createLog } from './log.ts'
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
      if (visit) {
        if (toJson(options) !== first) {
          log.warn('init.again', 'init: called before with other options; this call was ignored')
        }
        return
      }
      const config = readConfig(options, log)
      if (!config) return
      first = toJson(options)
      if (config.debug || location.hash === '#pw-debug') log.enable()
      log.debug('init', { ...config, token: config.token && '(not shown)' })
      const started = createVisit(config, log, listeners, createLifecycle())
      visit = started
      for (const act of early) act(started)
      early = []
      if (config.userId !== undefined) request(['register', config.userId], time)
    },

    consent({ 1: choice }) {
      if (choice === 'granted' || choice === 'denied') soon(visit => visit.consent(choice))
      else {
        log.warn(
          'consent',
          `consent: must be "granted" or "denied", got ${describe(choice)}; the call was ignored`,
        )
      }
    },

    flush(args) {
      let callback: ((delivered: boolean) => void) | undefined
      let timeoutMs = FLUSH_TIMEOUT_MS
      for (const argument of [args[1], args[2]]) {
        if (typeof argument === 'function') callback = argument as typeof callback
        else if (typeof argument === 'number' && argument >= 0) timeoutMs = argument
        else if (argument !== undefined) {
          log.warn(
            'flush',
            `flush: wants a callback and a time in ms, got ${describe(argument)}; that was ignored`,
          )
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
      if (typeof callback !== 'function') {
        return log.warn(
          'get',
          `get: wants a callback, got ${describe(callback)}; the call was ignored`,
        )
      }
      soon(visit =>
        visit.get(state =>
          tell(callback as (state: State) => void, { ...state, version: VERSION }),
        ),
      )
    },

    on({ 1: type, 2: listener }) {
      if (endTypes.indexOf(type as string) < 0 || typeof listener !== 'function') {
        return log.warn(
          'on',
          `on: wants one of "${endTypes.join('", "')}" and a function; the call was ignored`,
        )
      }
      listeners.add(type as EndType | '*', listener as (end: End) => void)
    },
  }

  return (args, time) => {
    try {
      const name = args && (args[0] as string)
      const known = typeof name === 'string' && Object.hasOwn(commands, name)
      if (known) commands[name](args, time)
      else {
        log.warn(
          `command.${name}`,
          `unknown command ${typeof name === 'string' ? `"${name}"` : `(${describe(name)})`}; the call was ignored`,
        )
      }
    } catch (error) {
      log.warn('error', `a call failed and was ignored: ${error}`)
    }
  }
}

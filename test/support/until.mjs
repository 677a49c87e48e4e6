import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits until the condition gives something truthy, and gives that. What it throws counts as "not yet".
 * @template T
 * @param {() => T | Promise<T>} condition
 * @param {{ timeout?: number, interval?: number, message?: string | (() => string) }} [options]
 */
export async function until(condition, { timeout = 15_000, interval = 25, message } = {}) {
  const end = Date.now() + timeout
  for (let cause; ; ) {
    try {
      const value = await condition()
      if (value) return value
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (Date.now() > end) {
      const text = typeof message === 'function' ? message() : (message ?? String(condition))
      throw new Error(`Not within ${timeout} ms: ${text}${cause ? ` (${cause.message})` : ''}`)
    }
    await sleep(interval)
  }
}

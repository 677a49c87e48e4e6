import { clock } from './clock.mjs'

const TIMEOUT_MS = 60_000

/** Events are called `group-1`, `group-2`, …; the number has as many digits in each, so that all are as long. */
export const namesOf = (group, count) =>
  Array.from({ length: count }, (_, i) => `${group}-${String(i + 1).padStart(4, '0')}`)

const groupOf = name => name.split('-')[0]

/** Notes when the API takes the events of each group, on the clock of `clock`. */
export function watchArrivals(api) {
  const groups = new Map()
  const at = group => {
    if (!groups.has(group)) groups.set(group, { names: new Set(), last: 0, check: () => {} })
    return groups.get(group)
  }
  api.on(({ type, counted, request }) => {
    if (type !== 'request' || !counted || !request.event) return
    const group = at(groupOf(request.event))
    if (group.names.has(request.event)) return
    group.names.add(request.event)
    group.last = clock()
    group.check()
  })
  return {
    /** How many different events of the group have arrived so far. */
    count: name => at(name).names.size,
    /** Resolves when so many different events of the group have arrived, to the time of the last one. */
    wait: (name, count) =>
      new Promise((resolve, reject) => {
        const group = at(name)
        const timer = setTimeout(() => {
          reject(new Error(`${group.names.size} of ${count} events of ${name} have arrived`))
        }, TIMEOUT_MS)
        group.check = () => {
          if (group.names.size < count) return
          clearTimeout(timer)
          resolve(group.last)
        }
        group.check()
      }),
  }
}

let groups = 0

/** A name that no other group of events has; all of them are as long. */
export const newGroup = () => `g${String(++groups).padStart(5, '0')}`

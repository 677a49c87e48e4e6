import { PREFIX } from './local.ts'

/** Whether a page that holds leases is still alive, told by a Web Lock that ends with it (secure origins only). */
export interface Lock {
  /** The name to put into leases; holds once the lock is held, or can't be had. A new name each time it is taken. */
  hold(): Promise<string>
  /** Gives the lock up. Only when no lease bears its name any more: others would take them at once. */
  release(): void
  /** Owners that hold a lock. */
  alive(): Promise<string[]>
}

/** First letter of the name of an owner that holds a lock of that name. */
const LOCKED = 'l'

/** Whether the owner can be asked after; otherwise its lease has to run out. */
export const isLocked = (owner: string): boolean => owner[0] === LOCKED

export const createLock = (): Lock => {
  let held: Promise<[name: string, end?: () => void]> | undefined

  const take = (id: string) =>
    new Promise<[string, (() => void)?]>(resolve => {
      const without = () => resolve([id])
      try {
        navigator.locks
          .request(
            PREFIX + LOCKED + id,
            () => new Promise<void>(end => resolve([LOCKED + id, end])),
          )
          .catch(without)
      } catch (_) {
        without()
      }
    })

  return {
    async hold() {
      if (!held) held = take(`${Math.random()}`)
      return (await held)[0]
    },
    release() {
      if (held) held.then(([, end]) => end && end())
      held = undefined
    },
    async alive() {
      const { held } = await navigator.locks.query()
      return (held as LockInfo[]).map(({ name }) => `${name}`.slice(PREFIX.length))
    },
  }
}

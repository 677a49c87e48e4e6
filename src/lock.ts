import { PREFIX } from './local.ts'

/** Whether a page that holds leases is still alive, told by a Web Lock that ends with it (secure origins only). */
export interface Lock {
  /** The name to put into leases; holds once the lock of that name is held, or can't be had. A new name each time it is taken. */
  hold(): Promise<string>
  /** Gives the lock up. Only when no lease bears its name any more: others would take them at once. */
  release(): void
  /** Who holds a lock; rejects where there are no locks, and a lease has to run out. */
  alive(): Promise<string[]>
}

export const createLock = (): Lock => {
  let owner: string
  let held: Promise<(() => void) | undefined> | undefined

  return {
    async hold() {
      if (!held) {
        owner = PREFIX + Math.random()
        held = new Promise(resolve => {
          const request = async () =>
            navigator.locks.request(owner, () => new Promise<void>(resolve))
          request().catch(() => resolve(undefined))
        })
      }
      await held
      return owner
    },
    release() {
      if (held) held.then(end => end && end())
      held = undefined
    },
    async alive() {
      const { held } = await navigator.locks.query()
      return (held as LockInfo[]).map(({ name }) => name as string)
    },
  }
}

import { newId } from './id.ts'
import { PREFIX } from './local.ts'

/** Whether a page that holds leases is still alive, told by a Web Lock that ends with it (secure origins only). */
export interface Lock {
  /** The name to put into leases; holds once the lock is held, or is known not to come. A new name each time it is taken. */
  hold(): Promise<string>
  /** Gives the lock up. Only when no lease bears its name any more: others would take them at once. */
  release(): void
  /** Which of these owners are gone. An owner without a lock counts as alive until its lease runs out. */
  dead(owners: string[]): Promise<string[]>
}

const WAIT_MS = 500

/** First letter of an owner's name: whether it holds a lock of that name. */
const LOCKED = 'l'
const LOCKLESS = 'n'

/** Whether the owner can be asked after; otherwise its lease has to run out. */
export const isLocked = (owner: string): boolean => owner[0] === LOCKED

export const createLock = (): Lock => {
  let held: Promise<string> | undefined
  let letGo = () => {}

  const request = (id: string) =>
    new Promise<string>(resolve => {
      const without = () => resolve(LOCKLESS + id)
      let released = false
      letGo = () => {
        released = true
      }
      setTimeout(without, WAIT_MS)
      try {
        navigator.locks
          .request(
            PREFIX + LOCKED + id,
            () =>
              new Promise<void>(end => {
                if (released) end()
                else letGo = end
                resolve(LOCKED + id)
              }),
          )
          .catch(without)
      } catch {
        without()
      }
    })

  return {
    hold: () => {
      if (!held) held = request(newId())
      return held
    },
    release() {
      if (held) letGo()
      held = undefined
    },
    async dead(owners) {
      const locked = owners.filter(isLocked)
      if (!locked.length) return locked
      const { held: alive } = await navigator.locks.query()
      return locked.filter(
        owner => !(alive as LockInfo[]).some(lock => lock.name === PREFIX + owner),
      )
    },
  }
}

import type { Consent } from './types.ts'

/**
 * What may be done: calls wait while it is `pending`, pass when it is `granted`, and are thrown away when it is `denied`
 * (SPEC 6). Besides, they wait until the page has been activated and the identity is there.
 */
export interface Gate<T> {
  consent(): Consent
  setConsent(consent: Consent): void
  /** Called as often as it may be true that a condition holds. */
  open(): void
  pass(call: T): void
  waiting(): number
}

export const createGate = <T>(
  isReady: () => boolean,
  through: (calls: T[]) => void,
  onThrownAway: (call: T) => void,
): Gate<T> => {
  let consent: Consent = 'pending'
  let held: T[] = []

  const open = () => {
    if (held.length && consent === 'granted' && isReady()) {
      const calls = held
      held = []
      through(calls)
    }
  }

  return {
    consent: () => consent,
    setConsent(choice) {
      consent = choice
      if (choice === 'denied') {
        held.forEach(onThrownAway)
        held = []
      }
      open()
    },
    open,
    pass(call) {
      if (consent === 'denied') return onThrownAway(call)
      held.push(call)
      open()
    },
    waiting: () => held.length,
  }
}

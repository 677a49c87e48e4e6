import type { Claim, Outbox } from '../../src/outbox.ts'
import type { Outgoing } from '../../src/request.ts'
import { spoolName } from '../../src/spool.ts'

export const APPLICATION = 'AAAAA-BBBBB'
export const START = 1_800_000_000_000

const record = (method: Outgoing['method'], name: string | number, rest = {}): Outgoing => ({
  id: `${APPLICATION}|${method === 'postEvent' ? 1 : 0}|${name}`,
  application: APPLICATION,
  method,
  body: '{"request":{}}',
  time: START,
  attempts: 0,
  ...rest,
})
export const event = (name: string | number, rest = {}) => record('postEvent', name, rest)
export const user = (name: string | number, rest = {}) => record('registerUser', name, rest)

export const names = (records: readonly Outgoing[]) => records.map(({ id }) => id.split('|')[2])
export const ids = (records: readonly Outgoing[]) => records.map(({ id }) => id)
/** Adds as records of this page's own that wait. */
export const add = async (outbox: Outbox, ...records: Outgoing[]): Promise<void> => {
  await outbox.exchange([], [], [{ name: spoolName(), items: records, flying: [] }])
}

/** Takes in what has been spooled under that name. */
export const adopt = async (
  outbox: Outbox,
  name: string,
  items: (Outgoing | undefined)[],
): Promise<void> => {
  await outbox.exchange([], [], [{ name, items }])
}

/** Takes records out for good, and gives others back. */
export const settle = async (
  outbox: Outbox,
  ended: string[],
  failed: Outgoing[] = [],
): Promise<void> => {
  await outbox.exchange(ended, failed)
}

/** Claims all that can be had, unless something else is wanted. */
export const claim = async (outbox: Outbox, want = {}): Promise<Claim> => {
  await outbox.prepare()
  return outbox.exchange([], [], [], { room: 5_000, bytes: 60_000, registration: true, ...want })
}

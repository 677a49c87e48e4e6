import type { Claim, Dropped, Outbox } from '../../src/outbox.ts'
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
export const reasons = (dropped: readonly Dropped[]) =>
  dropped.map(([{ id }, reason]) => `${id.split('|')[2]}: ${reason}`)

/** Adds as records that wait. */
export const add = (outbox: Outbox, ...records: Outgoing[]) =>
  outbox.add(spoolName(), records, records)

/** Claims all that can be had, unless something else is wanted. */
export const claim = (outbox: Outbox, want = {}): Promise<Claim> =>
  outbox.claim({ room: 5_000, bytes: 60_000, registration: () => true, newestAt: () => 0, ...want })

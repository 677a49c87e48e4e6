import { byteLength } from './json.ts'
import type { Outgoing } from './request.ts'
import type { Flight } from './transport.ts'

/** A request that this page has in hand, and where it stands. */
export interface Entry extends Outgoing, Flight {
  bytes: number
  /** When it was sent last, ms since 1970; not set before. */
  since?: number
  /** In the outbox, or on its way there. */
  stored?: boolean
}

export const newEntry = (record: Outgoing, stored?: boolean): Entry => ({
  ...record,
  fragile: undefined,
  bytes: byteLength(record.body),
  stored,
})

/** Whether it is this page's alone: see README.md beside this file. */
export const isUnsaved = ({ stored }: Entry): boolean => !stored

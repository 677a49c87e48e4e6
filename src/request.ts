import { toJson } from './json.ts'
import type { Method } from './types.ts'

/** A request on its way to the API, as the outbox keeps it. Holds no token. */
export interface Outgoing {
  /** Unique, and in order of the calls: names the record in every store. */
  readonly id: string
  readonly method: Method
  /** The JSON on the wire. */
  readonly body: string
  /** When it was called, in ms since 1970, with a fraction that makes it unique on its page. */
  readonly time: number
  /** Tries that have failed. */
  attempts: number
}

export const isRegistration = ({ method }: Outgoing): boolean => method === 'registerUser'

/** Past this, a body is refused at the call, and what is in flight with keepalive at one time stays under it (SPEC 3). */
export const MOST_BYTES = 60_000

/** Who calls. */
export interface Caller {
  readonly application: string
  readonly hwid: string
  readonly userId?: string
  /** A number, or its digits. */
  readonly deviceType: number | string
}

/** Body of a request, of which `fields` are only this method's. A user id that is `undefined` is left out by JSON. */
export const requestBody = (
  { application, hwid, userId, deviceType }: Caller,
  fields: object,
): string => toJson({ request: { application, hwid, userId, device_type: +deviceType, ...fields } })

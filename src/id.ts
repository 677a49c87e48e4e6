import { random } from 'nanoid'

/** 32 lower-case hex digits, 128 random bits: an HWID, or a name that no other page has. */
export const newId = (): string =>
  Array.from(random(16), byte => (byte + 256).toString(16).slice(1)).join('')

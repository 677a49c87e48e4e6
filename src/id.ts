import { random } from 'nanoid'

/** 32 lower-case hex digits, 128 random bits: an HWID. */
export const newId = (): string =>
  [...random(16)].map(byte => (byte + 256).toString(16).slice(1)).join('')

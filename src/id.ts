import { customAlphabet } from 'nanoid'

/** 32 lower-case hex digits, 128 random bits: an HWID. */
export const newId: () => string = customAlphabet('0123456789abcdef', 32)

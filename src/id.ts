import { customAlphabet } from 'nanoid'

/** 32 lower-case hex digits, 128 random bits: an HWID, or a name that no other page has. */
export const newId = customAlphabet('0123456789abcdef', 32)

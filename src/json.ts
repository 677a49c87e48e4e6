import { localDate } from './clock.ts'

const carried = (value: unknown) =>
  value !== undefined &&
  typeof value !== 'function' &&
  typeof value !== 'symbol' &&
  (typeof value !== 'number' || Number.isFinite(value)) &&
  (!(value instanceof Date) || Number.isFinite(+value))

/**
 * `JSON.stringify` for pages that have patched the prototypes: `toJSON` on those of Array, Object, String and Date
 * (Prototype.js 1.6 turns every array into a string: https://github.com/prototypejs/prototype/issues/344) is passed over,
 * while an object's own way to JSON (`URL`, decimals, moments) is kept.
 * A `Date` becomes local `yyyy-MM-dd HH:mm`. What JSON can't carry is left out, and `onLoss` told.
 * Throws on a cycle, on a BigInt, and where a getter of the page's throws.
 */
export const toJson = (value: unknown, onLoss?: () => void): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key: string, converted: unknown) {
    const raw = this[key]
    if (!carried(raw)) {
      onLoss?.()
      return undefined
    }
    if (raw instanceof Date) return localDate(+raw)
    if (Array.isArray(raw)) {
      return raw.filter(item => carried(item) || onLoss?.())
    }
    return typeof raw === 'object' &&
      raw &&
      (raw as { toJSON?: unknown }).toJSON !== (Object.prototype as { toJSON?: unknown }).toJSON
      ? converted
      : raw
  })

/** `JSON.parse` that answers `undefined` instead of throwing. */
export const fromJson = (
  text: string | null,
  reviver?: (key: string, value: unknown) => unknown,
): unknown => {
  try {
    return JSON.parse(text as string, reviver)
  } catch (_) {
    return undefined
  }
}

/** Length of `text` in bytes of UTF-8. */
export const byteLength = (text: string): number =>
  // Encoding costs more than all the rest of a call; most bodies are plain ASCII.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII begins with them
  /^[\x00-\x7f]*$/.test(text) ? text.length : new TextEncoder().encode(text).length

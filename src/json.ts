import { attempt } from './attempt.ts'
import { localDate } from './clock.ts'

type Patched = { toJSON?: unknown }

/**
 * `JSON.stringify` for pages that have patched the prototypes: `toJSON` on those of Array, Object, String and Date
 * (Prototype.js 1.6 turns every array into a string: https://github.com/prototypejs/prototype/issues/344) is passed over,
 * while an object's own way to JSON (`URL`, decimals, moments) is kept.
 * A `Date` becomes local `yyyy-MM-dd HH:mm`. What JSON can't carry is left out, and `onLoss` told.
 * Throws on a cycle, on a BigInt, and where a getter of the page's throws.
 */
export const toJson = (value: unknown, onLoss = () => {}): string => {
  const isLost = (item: unknown) => {
    const lost =
      typeof item === 'number' || item instanceof Date
        ? !Number.isFinite(+item)
        : 'undefined function symbol'.includes(typeof item)
    if (lost) onLoss()
    return lost
  }
  return JSON.stringify(
    value,
    function (this: Record<string, object | null>, key: string, converted: unknown) {
      const raw = this[key]
      if (isLost(raw)) return undefined
      if (raw instanceof Date) return localDate(+raw)
      if (Array.isArray(raw)) return raw.filter(item => !isLost(item))
      const isOwnWay =
        raw &&
        typeof raw === 'object' &&
        (raw as Patched).toJSON !== (Object.prototype as Patched).toJSON
      return isOwnWay ? converted : raw
    },
  )
}

/** `JSON.parse` that answers `undefined` instead of throwing. */
export const fromJson = (
  text: string | null | undefined,
  reviver?: (key: string, value: unknown) => unknown,
): unknown => attempt(() => JSON.parse(text as string, reviver))

/** Length of `text` in bytes of UTF-8. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length

/**
 * Offset of local time at `timeMs`, in whole seconds, east of UTC positive, as the API wants it.
 * Worked out for each call: the zone may change while the page is open, and so may the clocks.
 * Rounded, because engines give fractions of a minute for historical zones
 * (Asia/Kathmandu in 1899: -341.26666666666665 in Chromium).
 */
export const offsetSeconds = (timeMs: number): number =>
  Math.round(-60 * new Date(timeMs).getTimezoneOffset())

/** `yyyy-MM-dd HH:mm` in local time, as the vendor's mobile SDKs write a date. */
export const localDate = (timeMs: number): string =>
  new Date(timeMs + offsetSeconds(timeMs) * 1000).toISOString().slice(0, 16).replace('T', ' ')

/** The two times of postEvent, from the moment of the call (ms). */
export const wireTimes = (timeMs: number): { timestampUTC: number; timestampCurrent: number } => {
  const timestampUTC = Math.floor(timeMs / 1000)
  return { timestampUTC, timestampCurrent: timestampUTC + offsetSeconds(timeMs) }
}

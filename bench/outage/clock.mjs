const MINUTE_MS = 60_000

/** The simulated time, in minutes: visitors come from `opens` on, so that by minute 0 as many leave as come. */
export const CLOCK = { opens: -10, away: 10, back: 20, closes: 50, ends: 60 }

/** Milliseconds from the beginning of the simulated time to a minute of its clock. */
export const at = minute => (minute - CLOCK.opens) * MINUTE_MS

/** Seconds that are told apart. */
export const SECONDS = at(CLOCK.ends) / 1_000

export const secondOf = ms => Math.floor(ms / 1_000)

/** The seconds from one minute of the clock to another. */
export const between = (list, from, to) => list.slice(at(from) / 1_000, at(to) / 1_000)

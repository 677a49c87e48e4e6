const sorted = values => [...values].sort((a, b) => a - b)

/** The value below which the given part of the values lies, between two of them by proportion. */
export function quantile(values, part) {
  const list = sorted(values)
  const place = (list.length - 1) * part
  const low = list[Math.floor(place)]
  return low + (list[Math.ceil(place)] - low) * (place % 1)
}

export const median = values => quantile(values, 0.5)

/** Mean of the middle half: finer than the steps of the clock, and blind to what happened once. */
export function middleMean(values) {
  const list = sorted(values)
  const cut = Math.floor(list.length / 4)
  const middle = list.slice(cut, list.length - cut)
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}

/**
 * What is written down of a figure that was taken on so many pages.
 * @param {number[]} values
 * @returns {{ median: number, low: number, high: number, n: number }} with the quartiles
 */
export const summary = values => ({
  median: median(values),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
  n: values.length,
})

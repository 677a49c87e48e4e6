/**
 * Runs each of these so many times, in turn, and every other time in the opposite order: what is compared has been measured
 * in the same minutes.
 * @template T
 * @param {number} times
 * @param {Record<string, () => Promise<T>>} subjects
 * @returns {Promise<Record<string, T[]>>}
 */
export async function alternate(times, subjects) {
  const names = Object.keys(subjects)
  const results = Object.fromEntries(names.map(name => [name, []]))
  for (let i = 0; i < times; i++) {
    for (const name of i % 2 ? names.toReversed() : names) {
      results[name].push(await subjects[name]())
    }
  }
  return results
}

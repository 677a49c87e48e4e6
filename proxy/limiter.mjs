const MOST_ADDRESSES = 100_000

/**
 * So many requests at once, and so many a second thereafter, for each address.
 * @param {{ rate: number, burst: number }} limit
 * @returns {(address: string, now: number) => boolean} whether this request may pass
 */
export function createLimiter({ rate, burst }) {
  const visitors = new Map()

  return (address, now) => {
    const { left, at } = visitors.get(address) ?? { left: burst, at: now }
    const tokens = Math.min(burst, left + ((now - at) / 1000) * rate)
    // Those who came last stand last, so the first is the one that has been away longest.
    visitors.delete(address)
    visitors.set(address, { left: Math.max(0, tokens - 1), at: now })
    if (visitors.size > MOST_ADDRESSES) visitors.delete(visitors.keys().next().value)
    return tokens >= 1
  }
}

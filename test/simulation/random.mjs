/** Numbers by chance that a seed repeats (mulberry32). */
export class Random {
  constructor(seed) {
    this.state = seed >>> 0
  }

  /** In [0, 1). */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  chance(share) {
    return this.next() < share
  }

  /** A whole number in [0, below). */
  below(below) {
    return Math.floor(this.next() * below)
  }

  between(low, high) {
    return low + this.next() * (high - low)
  }

  pick(list) {
    return list[this.below(list.length)]
  }

  /** A key of `weights`, as often as its weight says. */
  weighted(weights) {
    const entries = Object.entries(weights)
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) {
      left -= weight
      if (left < 0) return key
    }
    return entries[0][0]
  }

  /** A seed for another stream, so that what one part draws doesn't shift what others do. */
  seed() {
    return Math.floor(this.next() * 2 ** 32)
  }
}

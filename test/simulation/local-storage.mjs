/** A browser writes localStorage to the disk a little later: what a kill of all of it may undo. */
const UNWRITTEN_MS = 1_000

/** The localStorage of a site, for all its pages. */
export class LocalStorage {
  items = new Map()
  journal = []

  constructor(world) {
    this.world = world
  }

  /** What stands under the name `localStorage` on `page`. */
  facadeFor(page) {
    const { items } = this
    const methods = {
      getItem: key => (items.has(key) ? items.get(key) : null),
      setItem: (key, value) => this.write(page, key, `${value}`),
      removeItem: key => this.write(page, key, null),
    }
    return new Proxy(methods, {
      set: (_, key, value) => {
        methods.setItem(key, value)
        return true
      },
      deleteProperty: (_, key) => {
        methods.removeItem(key)
        return true
      },
      ownKeys: () => Array.from(items.keys()),
      getOwnPropertyDescriptor: (_, key) =>
        items.has(key)
          ? { value: items.get(key), enumerable: true, configurable: true, writable: true }
          : undefined,
    })
  }

  write(page, key, value) {
    const { items, world } = this
    if (page.dead) return
    if (!world.traits.localStorage) throw new Error('no room')
    const oldValue = items.has(key) ? items.get(key) : null
    if (oldValue === value) return
    this.set(key, value)
    this.journal.push({ time: world.now, key, oldValue })
    world.note(page, `localStorage ${key.slice(7)} ${value === null ? 'removed' : 'written'}`)
    for (const other of world.pages) {
      if (other === page || (other.cached && world.traits.dropsCachedEvents)) continue
      world.scheduler.in(
        other.random.between(0.1, 20),
        () => other.dispatch('window', 'storage', { key, oldValue, newValue: value }),
        other,
      )
    }
  }

  set(key, value) {
    if (value === null) this.items.delete(key)
    else this.items.set(key, value)
  }

  /** The whole browser is killed: the newest writes never reached the disk. */
  kill(random) {
    const { now } = this.world
    const lastSaved = now - (random.chance(0.5) ? random.next() * UNWRITTEN_MS : 0)
    while (this.journal.length && this.journal[this.journal.length - 1].time > lastSaved) {
      const { key, oldValue } = this.journal.pop()
      this.set(key, oldValue)
    }
    this.journal = []
  }
}

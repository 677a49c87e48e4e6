/** The Web Locks of a site. */
export class Locks {
  held = new Map()

  constructor(world) {
    this.world = world
  }

  /** What stands under the name `navigator.locks` on `page`. */
  managerFor(page) {
    const { scheduler } = this.world
    const later = run => {
      if (!page.dead) scheduler.in(page.random.between(0.1, 15), run, page)
    }
    return {
      request: (name, callback) =>
        new Promise((resolve, reject) => {
          later(() => {
            this.held.set(name, page)
            this.world.note(page, `holds lock ${name}`)
            const release = () => {
              // A page that is gone has lost it already, perhaps to nobody.
              if (this.held.get(name) !== page) return
              this.held.delete(name)
              this.world.note(page, `gives up lock ${name}`)
            }
            Promise.resolve(callback({ name })).then(
              value => {
                release()
                resolve(value)
              },
              error => {
                release()
                reject(error)
              },
            )
          })
        }),
      query: () =>
        new Promise(resolve => {
          later(() => {
            const held = Array.from(this.held.keys(), name => ({ name }))
            later(() => resolve({ held }))
          })
        }),
    }
  }

  isHeldBy(page) {
    return Array.from(this.held.values()).includes(page)
  }

  leave(page) {
    for (const [name, holder] of this.held) if (holder === page) this.held.delete(name)
  }
}

const settled = () => new Promise(resolve => setImmediate(resolve))

const before = (a, b) => a.time < b.time || (a.time === b.time && a.seq < b.seq)

/**
 * The only clock, and the only order in which anything happens: a heap of tasks by their time. Between two of them every
 * promise that can go on has gone on.
 */
export class Scheduler {
  heap = []
  seq = 0
  steps = 0
  afterwards = []

  constructor(now) {
    this.now = now
  }

  /** `page`: the task is one of that page's, and waits or dies with it. */
  at(time, run, page) {
    const task = { time: Math.max(time, this.now), seq: this.seq++, run, page, off: false }
    this.push(task)
    return task
  }

  in(delay, run, page) {
    return this.at(this.now + delay, run, page)
  }

  /** To be done when the running task and its microtasks are over. */
  after(run) {
    this.afterwards.push(run)
  }

  /** Runs until `done` says so, or nothing is left to happen. */
  async run(done) {
    while (!done()) {
      const task = this.pop()
      if (!task) return
      this.now = Math.max(this.now, task.time)
      if (task.off || task.page?.dead || task.page?.holdBack(task)) continue
      this.steps++
      task.run()
      if (task.page || this.afterwards.length) await settled()
      while (this.afterwards.length) {
        for (const run of this.afterwards.splice(0)) run()
      }
    }
  }

  push(task) {
    const { heap } = this
    let at = heap.length
    heap.push(task)
    while (at) {
      const up = (at - 1) >> 1
      if (!before(task, heap[up])) break
      heap[at] = heap[up]
      at = up
    }
    heap[at] = task
  }

  pop() {
    const { heap } = this
    const first = heap[0]
    const last = heap.pop()
    const { length } = heap
    if (!length) return first
    let at = 0
    for (;;) {
      let down = 2 * at + 1
      if (down >= length) break
      if (down + 1 < length && before(heap[down + 1], heap[down])) down++
      if (!before(heap[down], last)) break
      heap[at] = heap[down]
      at = down
    }
    heap[at] = last
    return first
  }
}

/** For so long a page has to live after a call that is to survive the kill of the browser (SPEC 5), and a hidden one. */
const SAVED_MS = 2_000
const SAVED_HIDDEN_MS = 3_500

/** What a page has noted down in localStorage is not on the disk before. */
const WRITTEN_MS = 60_000

/** A page has no time to see an answer through. */
const MOMENT_MS = 500

/** For how long around a failure of the API pages may be careful. */
const CAREFUL_MS = 30_000

/** What was called, what arrived, and what SPEC 5 forgives. Times are in ms since 1970. */
export class Ledger {
  events = new Map()
  kills = []
  leaves = []
  /** Times in which the API failed: `{ kind, from, knownAt, to }`, known to all pages from `knownAt` on. */
  spells = []
  arrivals = new Map()
  diary = []

  constructor(api) {
    const byId = new Map()
    api.on(({ type, id, at, method, request, counted, answered }) => {
      if (type === 'request' && method === 'postEvent' && counted) {
        const arrival = { at, over: Number.POSITIVE_INFINITY, answered: false }
        byId.set(id, arrival)
        const { event } = request
        this.arrivals.set(event, [...(this.arrivals.get(event) ?? []), arrival])
      } else if (type === 'closed' && byId.has(id)) {
        Object.assign(byId.get(id), { over: Date.now(), answered })
      }
    })
  }

  note(text) {
    this.diary.push({ at: Date.now(), text })
  }

  call(names, view) {
    this.note(`  page ${view.n} calls ${names[0]} to ${names.at(-1)}`)
    for (const name of names) this.events.set(name, { name, at: Date.now(), view })
  }

  leave(view) {
    this.note(`  page ${view.n} is left`)
    view.left = Date.now()
    this.leaves.push(view)
  }

  kill(views) {
    const now = Date.now()
    for (const view of views) view.left ??= now
    this.kills.push(now)
    for (const spell of this.spells) if (!spell.to) spell.knownAt = undefined
  }

  fail(kind) {
    this.spells.push({ kind, from: Date.now() })
  }

  recover() {
    const spell = this.spells.at(-1)
    if (spell) spell.to ??= Date.now()
  }

  get spell() {
    const spell = this.spells.at(-1)
    return spell?.to ? undefined : spell
  }

  /** Those that have not arrived, and have to. */
  missing() {
    return Array.from(this.events.values()).filter(
      event => !this.arrivals.has(event.name) && !this.excuseLoss(event),
    )
  }

  /** Why an event may have been lost. */
  excuseLoss({ at, view }) {
    for (const kill of this.kills) {
      if (kill < at) continue
      const end = Math.min(view.left ?? kill, kill)
      const limit = view.hidden ? SAVED_HIDDEN_MS : SAVED_MS
      if (end - at < limit && kill - end < WRITTEN_MS) return 'killed within 2 s'
    }
    for (const { left } of this.leaves) {
      if (left < at) continue
      const spell = this.spells.find(({ from, knownAt, to = Date.now() }) => {
        const noticed = knownAt ?? to + MOMENT_MS
        return left > from - MOMENT_MS && left < noticed + MOMENT_MS
      })
      if (spell) return 'left in flight as the API began to fail'
    }
    return undefined
  }

  /** Why an event may have arrived twice. */
  excuseDouble(arrivals) {
    // The last copy needs no excuse.
    for (const { at, over, answered } of arrivals.slice(0, -1)) {
      if (!answered) return 'its answer was lost'
      const during = time => time > at - MOMENT_MS && time < over + MOMENT_MS
      if (this.kills.some(kill => kill > at - MOMENT_MS && kill < over + WRITTEN_MS / 6)) {
        return 'killed in flight'
      }
      const careful = this.spells.some(
        ({ from, to = Date.now() }) => from < over + CAREFUL_MS && to > at - CAREFUL_MS,
      )
      if (careful && this.leaves.some(({ left }) => during(left))) {
        return 'left in flight to an API that had begun to fail'
      }
    }
    return undefined
  }

  close() {
    const result = { called: this.events.size, delivered: 0, lost: [], doubled: [], forgiven: {} }
    const judge = (list, name, excuse) => {
      if (excuse) result.forgiven[excuse] = (result.forgiven[excuse] ?? 0) + 1
      else list.push(name)
    }
    for (const [name, event] of this.events) {
      const arrivals = this.arrivals.get(name) ?? []
      if (arrivals.length) result.delivered++
      else judge(result.lost, name, this.excuseLoss(event))
      if (arrivals.length > 1) judge(result.doubled, name, this.excuseDouble(arrivals))
    }
    result.strange = Array.from(this.arrivals.keys()).filter(name => !this.events.has(name))
    return result
  }

  /** What happened around an event. */
  tell(name) {
    const at = this.events.get(name)?.at ?? 0
    const arrivals = this.arrivals.get(name) ?? []
    const marks = arrivals.flatMap(({ at: came, over, answered }) => [
      { at: came, text: `  ${name} ARRIVES` },
      { at: over, text: `  ${name} is ${answered ? 'answered' : 'cut'}` },
    ])
    const end = Math.max(at, ...arrivals.map(arrival => arrival.at)) + 3_000
    return [...this.diary, ...marks]
      .filter(line => line.at > at - 3_000 && line.at < end)
      .sort((a, b) => a.at - b.at)
      .map(line => `${String(line.at - at).padStart(7)} ms  ${line.text}`)
      .join('\n')
  }
}

/** For so long a page has to live after a call that is to survive the kill of the browser (SPEC 5), and a hidden one. */
const SAVED_MS = 2_000
const SAVED_HIDDEN_MS = 3_500

/** What a page has noted down in localStorage is not on the disk before. */
const WRITTEN_MS = 60_000

/** A page has no time to see an answer through. */
const MOMENT_MS = 500

/**
 * What fails tells of what was under way when a page left if it is begun no later after that than the page had heard nothing
 * before it, and this.
 */
const DOUBT_MS = 1_000

/** So long before it began, a page takes itself to have heard of the API. */
const UNHEARD_MS = 2_000

/** After so long an answer is too late, and a page that has not heard one for so long counts on none (SPEC 3 and 5, README). */
const ANSWER_MS = 10_000
const SILENT_MS = 2_000

/** And pages that are left before, one after the other, have waited in vain when they have done so for that long in all. */
const IN_VAIN_MS = 2_000

const push = (map, key, value) => {
  if (map.has(key)) map.get(key).push(value)
  else map.set(key, [value])
}

/**
 * A request as the API saw it; times in ms since 1970.
 * @typedef {object} Arrival
 * @property {string} document the id of the one that sent it
 * @property {number} sent when
 * @property {number} at when it arrived
 * @property {number} over when it was answered or cut
 * @property {boolean} counted the API took it
 * @property {boolean} answered
 */

/** What was called, what arrived, and what SPEC 5 forgives. Times are in ms since 1970. */
export class Ledger {
  events = new Map()
  kills = []
  leaves = []
  /** Times in which the API failed: `{ kind, from, knownAt, to }`, known to all pages from `knownAt` on. */
  spells = []
  /** Requests, as `Arrival`s: of each event, those that were taken; and of each document, all. */
  arrivals = new Map()
  sent = new Map()
  diary = []

  constructor(api) {
    const byId = new Map()
    api.on(({ type, id, at, method, request, query, counted, answered }) => {
      if (type === 'request') {
        const arrival = {
          document: query.document,
          sent: Number(query.sent),
          at,
          over: Number.POSITIVE_INFINITY,
          counted,
          answered: false,
        }
        byId.set(id, arrival)
        push(this.sent, query.document, arrival)
        if (method === 'postEvent' && counted) push(this.arrivals, request.event, arrival)
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
    this.note(`  page ${view.n} is left, ${view.document}`)
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
    for (const arrival of arrivals.slice(0, -1)) {
      const { document, sent, over, answered } = arrival
      if (!answered) return 'its answer was lost'
      if (over - sent > ANSWER_MS - MOMENT_MS) return 'its answer came after 10 s'
      if (this.kills.some(kill => kill > sent && kill < over + WRITTEN_MS / 6)) {
        return 'killed in flight'
      }
      const left = this.leftDuring(document, sent, over + MOMENT_MS)
      if (left.some(time => this.isDown(document, time))) {
        return 'left in flight to an API that had begun to fail'
      }
      if (left.some(time => this.isSilent(document, time))) {
        return 'left in flight to an API that had not answered for 2 s'
      }
      if (left.some(time => this.isInVain(time))) {
        return 'left in flight by one of several pages that had not been answered for 2 s in all'
      }
    }
    return undefined
  }

  /** Whether a document that left at that time may have been told that the API fails, or a page that came soon after it. */
  isDown(document, time) {
    const until = 2 * time - this.heardBefore(document, time) + DOUBT_MS + MOMENT_MS
    return this.spells.some(({ from, to }) => {
      const back = this.heardAfter(to)
      if (until > from && time < back + MOMENT_MS) return true
      // A browser that comes back after a kill may have forgotten that the API had come back.
      return this.kills.some(
        kill =>
          kill > from &&
          kill < back + WRITTEN_MS &&
          time > kill &&
          time < this.heardAfter(kill) + MOMENT_MS,
      )
    })
  }

  /** When a page next heard from then on that the API had taken a request; never, where that is not over yet. */
  heardAfter(time = Number.POSITIVE_INFINITY) {
    const heard = Array.from(this.sent.values()).flatMap(list =>
      list.filter(
        ({ document, sent, over, counted, answered }) =>
          counted && answered && over > time && !this.leftDuring(document, sent, over).length,
      ),
    )
    return Math.min(...heard.map(({ over }) => over))
  }

  /** When a document last heard of the API before that time; a while before it was opened, if it had heard nothing. */
  heardBefore(document, time) {
    const { opened } = this.leaves.find(view => view.document === document)
    const heard = this.sent
      .get(document)
      .filter(({ over }) => over < time)
      .map(({ sent, over, answered, counted }) => (answered && counted ? over : sent))
    return Math.max(opened - UNHEARD_MS, ...heard)
  }

  /** When a document was left in that time. */
  leftDuring(document, from, to) {
    return this.leaves
      .filter(view => view.document === document)
      .map(({ left }) => left)
      .filter(time => time > from - MOMENT_MS && time < to)
  }

  /** Whether a document has waited for 2 s at that time, and heard nothing meanwhile. */
  isSilent(document, time) {
    const sent = this.sent.get(document)
    const since = time + MOMENT_MS - SILENT_MS
    return (
      sent.some(request => request.sent < since && request.over > time) &&
      !sent.some(({ answered, over }) => answered && over > since && over < time)
    )
  }

  /** Whether the pages that were left around that time, with none answered meanwhile, had waited for 2 s in all. */
  isInVain(time) {
    const from = this.lastHeard(time)
    const to = this.heardAfter(time)
    const waits = this.leaves
      .filter(({ left }) => left > from - MOMENT_MS && left < to + MOMENT_MS)
      .map(({ document, left }) => left - this.waitingSince(document, left))
    return waits.reduce((sum, ms) => sum + Math.max(0, ms) + MOMENT_MS / 5, 0) > IN_VAIN_MS
  }

  /** When any page last heard, before that time, that the API had taken a request. */
  lastHeard(time) {
    const heard = Array.from(this.sent.values()).flatMap(list =>
      list.filter(
        ({ document, sent, over, counted, answered }) =>
          counted && answered && over < time && !this.leftDuring(document, sent, over).length,
      ),
    )
    return Math.max(Number.NEGATIVE_INFINITY, ...heard.map(({ over }) => over))
  }

  /** When the oldest request that a document had under way at that time was sent, or it last heard of another. */
  waitingSince(document, time) {
    const flying = (this.sent.get(document) ?? []).filter(
      ({ sent, over }) => sent <= time && over > time,
    )
    const oldest = Math.min(time, ...flying.map(({ sent }) => sent))
    return flying.length ? Math.max(oldest, this.heardBefore(document, time)) : time
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
    if (this.sent.has(undefined)) result.strange.push('requests that do not say who sent them')
    return result
  }

  /** What happened around an event. */
  tell(name) {
    const at = this.events.get(name)?.at ?? 0
    const arrivals = this.arrivals.get(name) ?? []
    const marks = arrivals.flatMap(({ document, sent, at: came, over, answered }) => [
      { at: sent, text: `  ${name} IS SENT by ${document}` },
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

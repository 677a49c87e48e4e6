import { attempt } from '../attempt.ts'
import { fromJson, toJson } from '../json.ts'
import type { said } from '../log.ts'
import type { Outgoing } from '../request.ts'
import type { End, EndType, Method, State } from '../types.ts'

/** One thing that `debug` has said. */
export type Saying = (typeof said)[number]

/** Where a call stands. Of the last three the tag says nothing: they are concluded. */
export type Stage = EndType | 'waiting' | 'in flight' | 'held' | 'handed over' | 'not needed'

/** A call, and the request that it has become; or a request that another page has left. */
export interface Row {
  /** When it was called, ms since 1970. */
  time: number
  method: Method
  stage: Stage
  /** Why it has come to that, as far as there is a reason. */
  reason?: string
  status?: number
  /** How often it was sent. */
  attempts: number
  /** What is on the wire, or, of a call that is no request yet, as much of it as is known. */
  request: { readonly [field: string]: unknown }
}

export interface History {
  /** All that there has been, oldest first: what waited elsewhere comes to be known later than what was called after it. */
  readonly rows: readonly Row[]
  note(saying: Saying): void
  /** The page is being left: what is in flight then is the browser's to deliver, and nobody hears how it ends. */
  leave(): void
  /** What the answer of a `get` says of the rows that were there when it was called. */
  settle(known: readonly Row[], state: State): void
}

/** How much later than it was made a call may be logged: in the same task, but after it has been read. */
const READ_MS = 1_000

/** The row of a record of the outbox's. */
export const rowOf = ({ method, body, time, attempts }: Outgoing, stage: Stage): Row => ({
  time,
  method,
  stage,
  attempts: attempts + +(stage === 'in flight'),
  request: Object((fromJson(body) as { request?: unknown }).request),
})

const copy = (value: unknown) => fromJson(attempt(() => toJson(value)))

/**
 * Makes rows of what `debug` says. Neither calls nor ends have an id: a call is found again by what it asks for, an end by its
 * request, where several are alike by being in flight.
 */
export const createHistory = (): History => {
  const rows: Row[] = []
  const byId = new Map<string, Row>()
  /** Those of which more may be heard. */
  const open = new Set<Row>()
  /** What the requests are as text. */
  const texts = new Map<Row, string>()

  const select = (condition: (row: Row) => boolean) => [...open].filter(condition)

  const add = (row: Row) => {
    let place = rows.length
    while (place && rows[place - 1].time > row.time) place--
    rows.splice(place, 0, row)
    open.add(row)
    return row
  }

  const change = (row: Row, news: Partial<Row>) => {
    Object.assign(row, { reason: undefined, status: undefined }, news)
    return row
  }

  const end = (row: Row) => {
    open.delete(row)
    texts.delete(row)
  }

  const isHeld = ({ stage }: Row) => stage === 'held'

  const call = (time: number, args: ArrayLike<unknown> & { t?: unknown }) => {
    const { 0: command, 1: given, 2: attributes } = args
    const isEvent = command === 'event'
    const userId = command === 'register' && given ? `${given}` : undefined
    add({
      time: Number(args.t) || time,
      method: isEvent ? 'postEvent' : 'registerUser',
      stage: 'held',
      attempts: 0,
      request: isEvent ? { event: given, attributes: copy(attributes || {}) } : { userId },
    })
  }

  /** The oldest call that asks for such a request: they become requests in the order in which they were made. */
  const calledFor = ({ method, time, request }: Row) =>
    select(
      row =>
        isHeld(row) &&
        row.method === method &&
        row.request.event === request.event &&
        // What `init` registers is logged when the tag has come, which may be long after the call.
        (request.event ? time > row.time - READ_MS : row.request.userId === request.userId),
    )[0]

  const record = (given: Outgoing, stage: Stage) => {
    // A request that was under way when its page was left comes back with a mark.
    const id = given.id.replace(/\?+$/, '')
    const news = rowOf(given, stage)
    const row = byId.get(id) || calledFor(news) || add(news)
    byId.set(id, row)
    open.add(row)
    change(row, news)
    texts.set(row, toJson(news.request))
  }

  const finish = (logged: number, { type, method, request, reason, status, attempts }: End) => {
    const text = toJson(request)
    const alike = select(row => row.method === method && texts.get(row) === text)
    const time = Number(request.timestampUTC) * 1000 || logged
    const news: Row = { time, method, stage: type, reason, status, attempts, request }
    const row =
      alike.find(({ stage }) => stage === 'in flight') ||
      alike[0] ||
      // What could not become a request has no sender.
      (request.hwid && calledFor(news)) ||
      add(news)
    end(change(row, { ...news, time: row.time }))
  }

  return {
    rows,

    note([time, message, detail]) {
      if (message === 'call') call(time, detail as ArrayLike<unknown>)
      else if (message === 'waiting' || message === 'in flight') record(detail as Outgoing, message)
      else if (Object(detail).request) finish(time, detail as End)
    },

    leave() {
      for (const row of select(({ stage }) => stage === 'in flight')) {
        end(change(row, { stage: 'handed over', reason: 'when the page was left' }))
      }
    },

    settle(known, { consent, hwid, waiting }) {
      for (const row of known) {
        if (!open.has(row)) continue
        if (consent === 'denied') {
          end(change(row, { stage: 'dropped', reason: 'consent denied' }))
        } else if (consent === 'pending') {
          row.reason = 'consent pending'
        } else if (hwid && isHeld(row) && row.method === 'registerUser') {
          // A call of `register` is made a request at once, where it leads to one; that of an event is put off.
          end(change(row, { stage: 'not needed', reason: 'nothing in it is new' }))
        } else if (hwid && !waiting) {
          change(row, { stage: 'handed over', reason: 'to another page' })
        }
      }
    },
  }
}

import { promisifyRequest } from 'idb-keyval'
import type { Database } from './database.ts'
import { newId } from './id.ts'
import { fromJson, toJson } from './json.ts'
import { onReturn } from './lifecycle.ts'
import { PREFIX, readLocal, removeLocal, writeLocal } from './local.ts'
import { readSdkHwid } from './sdk.ts'

/** What the tag knows of the visitor. Kept in IndexedDB under `identity`, and mirrored in localStorage. */
export interface Known {
  hwid: string
  /** Given by the page; absent where the device is registered under its HWID, or not at all. */
  userId?: string
  /** Body of the registration that the API took last, until another is sent. */
  taken?: string
  /** When the newest registration was called (ms since 1970). */
  time?: number
}

/** A time that is further ahead is one of a clock that was wrong. */
const AHEAD_MS = 10_000

/** When the newest registration was called, as far as that is to be believed. */
const newestIn = ({ time = 0 }: Partial<Known> = {}): number =>
  time <= Date.now() + AHEAD_MS ? time : 0

export interface Identity {
  /** The visitor, as far as known; `undefined` before `load` and after `erase`. */
  known(): Known | undefined
  /** When the newest registration was called (ms since 1970), by whichever tab. */
  newestAt(): number
  /**
   * Gets or makes the HWID, or takes the `given` one, or with `'sdk'` the vendor's SDK's; `done` is called once, when it is
   * there, which may be at once.
   */
  load(given: string | undefined, done: () => void): void
  /** Does not wait for IndexedDB any longer: the page is leaving. */
  hurry(): void
  learn(change: Partial<Known>): void
  erase(): void
}

/** `one`, with what `other` knows of the user if that was called later. */
const newer = (one: Known, other?: Known): Known =>
  newestIn(other) > newestIn(one) ? { ...(other as Known), hwid: one.hwid } : one

const KEY = 'identity'
/** Calls wait no longer for IndexedDB (SPEC 4). */
const HANG_MS = 1_000

const MIRROR = PREFIX + KEY

/** What the other tabs find in the mirror's place: that it is missing may only mean that it could not be written. */
const ERASED = '0'

/**
 * IndexedDB has the last word on the HWID: two tabs that open at once each bring a candidate, and the first transaction
 * decides. The mirror lets a later visit send its first event without waiting, shows a log-in to the other tabs, and is
 * the candidate of the next page where this one left before IndexedDB had answered.
 */
export const createIdentity = (database: Database, onErasedElsewhere: () => void): Identity => {
  /** That the page says. */
  let hwid: string | undefined
  let known: Known | undefined
  /** Who waits for it. */
  let whenKnown: (() => void) | undefined

  const change = (decide: (old?: Known) => Known) =>
    database.use(store =>
      promisifyRequest(store.get(KEY)).then(old => {
        store.put(decide(old), KEY)
      }),
    )

  /** What has been kept, where it is of the visitor that the page says. */
  const usable = (kept?: Known) =>
    kept && (hwid ? kept.hwid === hwid : kept.hwid) ? kept : undefined

  const readMirror = () => usable(fromJson(readLocal(MIRROR)) as Known | undefined)

  /** Not over what another tab has registered since. */
  const mirror = () => {
    known = newer(known as Known, readMirror())
    writeLocal(MIRROR, toJson(known))
  }

  const finish = () => {
    const done = whenKnown
    whenKnown = undefined
    if (done) done()
  }

  /** What other pages have done. What is there now counts, which may be newer than what an event brings. */
  const look = (isErased?: boolean) => {
    if (!known) return
    const kept = readMirror() || known
    if (isErased && kept.hwid === known.hwid) {
      // Told again, a page that has been granted consent since would take it for a new denial.
      known = undefined
      onErasedElsewhere()
    }
    // Before IndexedDB has decided, another tab may not have the HWID yet that it will.
    else if (!whenKnown) {
      known = newer(kept, known)
      // The other page wrote before it could see what this one has registered since.
      if (known !== kept) mirror()
    }
  }

  addEventListener('storage', ({ key, newValue }) => key === MIRROR && look(newValue === ERASED))
  // No event reaches a page in the back/forward cache.
  onReturn(look)

  return {
    known: () => (whenKnown ? undefined : known),

    newestAt: () => newestIn(known),

    async load(given, done) {
      let mirrored: Known | undefined
      let candidate: Known
      const choose = (wanted?: string) => {
        hwid = wanted
        mirrored = readMirror()
        known = candidate = mirrored || { hwid: hwid || newId() }
      }
      const fromSdk = given === 'sdk'
      whenKnown = done
      setTimeout(finish, HANG_MS)
      choose(fromSdk ? undefined : given)
      if (fromSdk) {
        const found = await readSdkHwid().catch(() => {})
        if (!known) return
        // Later the page has begun with another.
        if (found && (whenKnown as unknown)) choose(found)
      }
      // At once: a tab that opens now takes the same.
      mirror()
      if (mirrored || hwid) finish()
      try {
        await change(old => {
          // The mirror is ahead where a page was left, or has not been able to write yet, as it had called `register`.
          const kept = newer(usable(old) || candidate, readMirror())
          if (known === candidate) known = kept
          mirror()
          return kept
        })
      } catch (_) {
        // A failed read is not an empty store: nothing is written, and this page keeps its candidate.
        if (!mirrored) removeLocal(MIRROR)
      }
      finish()
    },

    hurry: finish,

    learn(news) {
      known = { ...(known as Known), ...news }
      mirror()
      const { hwid } = known
      // Not at once: a page that is leaving has to do other things first.
      Promise.resolve()
        // Denied meanwhile, and granted again: that is another visitor.
        .then(
          (): unknown =>
            (known as Known).hwid === hwid &&
            change(old => ({ ...(known as Known), ...old, ...news })),
        )
        .catch(() => {})
    },

    erase() {
      if (known) writeLocal(MIRROR, ERASED)
      known = whenKnown = undefined
      removeLocal(MIRROR)
    },
  }
}

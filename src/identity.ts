import { update } from 'idb-keyval'
import type { Database } from './database.ts'
import { newId } from './id.ts'
import { fromJson, toJson } from './json.ts'
import { PREFIX, readLocal, removeLocal, writeLocal } from './local.ts'

/** What the tag knows of the visitor. Kept in IndexedDB under `identity`, and mirrored in localStorage. */
export interface Known {
  hwid: string
  /** Given by the page; absent where the device is registered under its HWID, or not at all. */
  userId?: string
  /** Body of the registration that the API took last, until another is sent. */
  taken?: string
  /** When the newest registration that the API took was called (ms). */
  takenAt?: number
}

export interface Identity {
  /** The visitor, as far as known; `undefined` before `load` and after `erase`. */
  known(): Known | undefined
  /** Gets or makes the HWID; `done` is called once, when it is there, which may be at once. */
  load(hwid: string | undefined, done: () => void): void
  /** Does not wait for IndexedDB any longer: the page is leaving. */
  hurry(): void
  set(change: Partial<Known>): void
  erase(): void
}

const KEY = 'identity'
const MIRROR = `${PREFIX}identity`

const isKnown = (value: unknown): value is Known =>
  !!value && typeof (value as Known).hwid === 'string' && !!(value as Known).hwid

const readMirror = () => {
  const mirrored = fromJson(readLocal(MIRROR))
  return isKnown(mirrored) ? mirrored : undefined
}

/**
 * IndexedDB has the last word on the HWID: two tabs that open at once each bring a candidate, and the first transaction
 * decides. The mirror lets a later visit send its first event without waiting, shows a log-in to the other tabs, and is
 * the candidate of the next page where this one left before IndexedDB had answered.
 */
export const createIdentity = (database: Database, onErasedElsewhere: () => void): Identity => {
  let known: Known | undefined
  let settled = false
  let finish = () => {}

  const mirror = () => known && writeLocal(MIRROR, toJson(known))

  /** A failed read is not an empty store: then nothing is written, and this page keeps its candidate. */
  const reconcile = async (candidate: Known, given: boolean) => {
    let stored: Known | undefined
    await update<Known>(
      KEY,
      old => {
        stored = isKnown(old) && !(given && old.hwid !== candidate.hwid) ? old : undefined
        return stored || candidate
      },
      database.use,
    )
    if (stored && known === candidate) known = stored
  }

  addEventListener('storage', event => {
    if (!known || event.key !== MIRROR) return
    const mirrored = readMirror()
    if (mirrored) known = mirrored
    else if (event.newValue === null) onErasedElsewhere()
  })

  return {
    known: () => (settled ? known : undefined),
    load(hwid, done) {
      const mirrored = readMirror()
      const candidate = hwid
        ? { ...(mirrored && mirrored.hwid === hwid && mirrored), hwid }
        : mirrored || { hwid: newId() }
      known = candidate
      finish = () => {
        if (!settled && known) {
          settled = true
          done()
        }
      }
      if (mirrored || hwid) finish()
      reconcile(candidate, !!hwid)
        .then(mirror, () => {})
        .then(() => finish())
    },
    hurry() {
      mirror()
      finish()
    },
    set(change) {
      known = { ...(known as Known), ...change }
      mirror()
      update<Known>(KEY, old => ({ ...(old || (known as Known)), ...change }), database.use).catch(
        () => {},
      )
    },
    erase() {
      known = undefined
      settled = false
      removeLocal(MIRROR)
    },
  }
}

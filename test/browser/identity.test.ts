import { createDatabase } from '../../src/database.ts'
import { createIdentity } from '../../src/identity.ts'
import { equal, ok } from '../contract/assert.ts'
import { noDatabase } from './parts.ts'

const start = (hwid?: string) => {
  const identity = createIdentity(
    createDatabase(() => true),
    () => {},
  )
  const ready = new Promise<string>(resolve => {
    identity.load(hwid, () => resolve((identity.known() as { hwid: string }).hwid))
  })
  return { identity, ready }
}

const stored = async () => {
  localStorage.clear()
  return await start().ready
}

describe('the HWID', () => {
  beforeEach(noDatabase)

  it('is 128 bits in hex', async () => {
    ok(/^[0-9a-f]{32}$/.test(await start().ready))
  })

  it('is one and the same for 20 pages that start at once', async () => {
    const hwids = await Promise.all(Array.from({ length: 20 }, () => start().ready))
    equal(new Set(hwids).size, 1)
    equal(await stored(), hwids[0])
  })

  it('is that of IndexedDB where the mirror is gone', async () => {
    const hwid = await start().ready
    localStorage.clear()
    equal(await start().ready, hwid)
  })

  it('is there at once on a later visit', async () => {
    const hwid = await start().ready
    const { identity } = start()
    equal(identity.known()?.hwid, hwid)
  })

  it('is another for every visitor', async () => {
    const first = await start().ready
    await noDatabase()
    ok((await start().ready) !== first)
  })

  it('is a given one from then on', async () => {
    const generated = await start().ready
    equal(await start('given').ready, 'given')
    // Written after the page has it.
    for (let hwid = generated; hwid !== 'given'; ) hwid = await stored()
  })

  it('is there within moments, and nothing is overwritten, where a read fails', async () => {
    const hwid = await start().ready
    localStorage.clear()
    const { get } = IDBObjectStore.prototype
    IDBObjectStore.prototype.get = () => {
      throw new DOMException('disk', 'UnknownError')
    }
    let alone: string
    try {
      alone = await start().ready
    } finally {
      IDBObjectStore.prototype.get = get
    }
    ok(alone !== hwid, 'one for this page')
    equal(await stored(), hwid)
  })

  it('is one for this page where IndexedDB never answers', async () => {
    const { open } = IDBFactory.prototype
    IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest
    const from = performance.now()
    try {
      ok(/^[0-9a-f]{32}$/.test(await start().ready))
    } finally {
      IDBFactory.prototype.open = open
    }
    const ms = performance.now() - from
    ok(ms > 900 && ms < 2_500, `${ms} ms`)
  })

  it('comes with what else is known, and keeps it over starts at once', async () => {
    const { identity, ready } = start()
    await ready
    identity.learn({ userId: '007' })
    equal(start().identity.known()?.userId, '007')
  })
})

describe('the user', () => {
  beforeEach(noDatabase)

  it('is the one who was registered last, though another tab has written an older mirror since', async () => {
    const { identity, ready } = start()
    const hwid = await ready
    const time = Date.now()
    identity.learn({ userId: 'new', time })
    const older = JSON.stringify({ hwid, userId: 'old', time: time - 1 })
    localStorage['pw-tag.identity'] = older
    dispatchEvent(new StorageEvent('storage', { key: 'pw-tag.identity', newValue: older }))
    equal(identity.known()?.userId, 'new')
    // The other tab is told.
    equal(JSON.parse(localStorage['pw-tag.identity']).userId, 'new')
  })
})

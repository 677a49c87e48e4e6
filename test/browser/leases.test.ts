// Pages that share an outbox: each has a connection and a lock of its own, as tabs do.

import { localKeys } from '../../src/local.ts'
import { LEASE_MS } from '../../src/outbox.ts'
import { DONE, spoolName, writeSpool } from '../../src/spool.ts'
import { equal, ok, until } from '../contract/assert.ts'
import { add, adopt, claim, event, ids, names, START, settle, user } from '../contract/records.ts'
import { createPage, noDatabase } from './parts.ts'

describe('pages with one outbox', () => {
  const clock = { ms: START }
  beforeEach(async () => {
    await noDatabase()
    clock.ms = START
  })

  it('race for the same records: one gets each', async () => {
    const pages = Array.from({ length: 8 }, () => createPage(clock))
    await add(pages[0].outbox, ...Array.from({ length: 50 }, (_, n) => event(100 + n)))
    // What the others have taken is of everybody's room.
    const claims = pages.map(({ outbox }, n) => claim(outbox, { room: 3 * (n + 1) }))
    const all = (await Promise.all(claims)).flatMap(({ records }) => names(records))
    equal(all.length, 24)
    equal(new Set(all).size, 24)
  })

  it('adopt a spool once, and what a stub adds to it later', async () => {
    const pages = [createPage(clock), createPage(clock)]
    const items = [event(1), undefined, event(2)]
    localStorage.setItem('pw-tag.spool7', '[]')
    await Promise.all(pages.map(({ outbox }) => adopt(outbox, 'pw-tag.spool7', items)))
    const { records } = await claim(pages[0].outbox)
    equal(names(records), ['1', '2'])
    await settle(pages[0].outbox, ids(records))
    await adopt(pages[1].outbox, 'pw-tag.spool7', [...items, event(3)])
    equal(names((await claim(pages[1].outbox)).records), ['3'])
    // Taken in without a marker by a page that has no transactions, and gone.
    localStorage.removeItem('pw-tag.spool7')
    await adopt(pages[0].outbox, 'pw-tag.spool7', [...items, event(3), event(4)])
    equal(names((await claim(pages[0].outbox)).records), [])
  })

  it('leave each other’s leases alone, for however long the owner lives', async () => {
    const [one, other] = [createPage(clock), createPage(clock)]
    await add(one.outbox, event(1))
    await claim(one.outbox)
    clock.ms += 10 * LEASE_MS
    const { records, isMore } = await claim(other.outbox)
    equal(names(records), [])
    ok(isMore, 'it is worth while to look again')
  })

  it('take over what a page had leased that is gone', async () => {
    const [one, other] = [createPage(clock), createPage(clock)]
    await add(one.outbox, event(1), user(1))
    equal((await claim(one.outbox)).records.length, 2)
    one.die()
    clock.ms += 1
    await until(async () => {
      const { records } = await claim(other.outbox)
      return records.length && names(records).join() === '1,1'
    })
  })

  it('take over from a page without locks when its lease has run out', async () => {
    const own = Object.getOwnPropertyDescriptor(Navigator.prototype, 'locks')
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined, configurable: true })
    try {
      const [one, other] = [createPage(clock), createPage(clock)]
      await add(one.outbox, event(1))
      equal(names((await claim(one.outbox)).records), ['1'])
      one.die()
      clock.ms += LEASE_MS - 1
      equal(names((await claim(other.outbox)).records), [])
      clock.ms += 1
      equal(names((await claim(other.outbox)).records), ['1'])
    } finally {
      if (own) Object.defineProperty(Navigator.prototype, 'locks', own)
    }
  })

  it('release nothing that another page has taken over', async () => {
    const [one, other] = [createPage(clock), createPage(clock)]
    await add(one.outbox, event(1))
    const [record] = (await claim(one.outbox)).records
    one.die()
    clock.ms += 1
    await until(async () => (await claim(other.outbox)).records.length)
    await settle(one.outbox, [], [record])
    equal(names((await claim(createPage(clock).outbox)).records), [])
  })

  it('send nothing of what a page that is gone has written down as ended', async () => {
    const [one, other] = [createPage(clock), createPage(clock)]
    await add(one.outbox, event(1), event(2))
    const { records } = await claim(one.outbox)
    writeSpool(spoolName(DONE), [records[0].id])
    one.die()
    clock.ms += 1
    await until(async () => names((await claim(other.outbox)).records).join() === '2')
    equal(await other.outbox.total(), 1)
    equal(localKeys(DONE), [])
  })

  it('send one registration at a time', async () => {
    const [one, other] = [createPage(clock), createPage(clock)]
    await add(one.outbox, user(1))
    const [first] = (await claim(one.outbox)).records
    await add(other.outbox, user(2), event(1))
    equal(names((await claim(other.outbox)).records), ['1'])
    await settle(one.outbox, [first.id])
    equal(names((await claim(other.outbox)).records), ['2'])
  })

  it('find what other pages have added behind all that one of them has leased', async () => {
    const [one, other] = [createPage(clock), createPage(clock)]
    await add(one.outbox, ...Array.from({ length: 70 }, (_, n) => event(1_000 + n)))
    equal((await claim(one.outbox, { room: 60 })).records.length, 60)
    const { records, isMore } = await claim(other.outbox)
    equal([names(records)[0], isMore], ['1060', true])
  })
})

// What holds for an outbox whatever it keeps its records in.
import { MOST_RECORDS, OLDEST_MS, type Outbox } from '../../src/outbox.ts'
import { equal } from './assert.ts'
import { add, adopt, claim, event, ids, names, START, settle, user } from './records.ts'

export interface Clock {
  ms: number
}

/** @param create an empty outbox of one page, which reads the time from the clock */
export const outboxContract = (name: string, create: (clock: Clock) => Promise<Outbox>): void => {
  describe(`the outbox in ${name}`, () => {
    let clock: Clock
    let outbox: Outbox
    beforeEach(async () => {
      // Ids are used again here, and what has ended is remembered.
      localStorage.clear()
      clock = { ms: START }
      outbox = await create(clock)
    })

    it('gives what was added, in order, and counts it', async () => {
      equal(await outbox.total(), 0)
      equal((await claim(outbox)).records, [])
      await add(outbox, event(2), event(1))
      await add(outbox, event(3, { body: 'тело', attempts: 2 }))
      equal(await outbox.total(), 3)
      const { records, dropped } = await claim(outbox)
      equal(names(records), ['1', '2', '3'])
      equal(dropped, [])
      const [, , { body, attempts, time, method }] = records
      equal([body, attempts, time, method], ['тело', 2, START, 'postEvent'])
    })

    it('gives nothing twice', async () => {
      await add(outbox, event(1), event(2))
      const claims = [claim(outbox, { room: 1 }), claim(outbox), claim(outbox)]
      const all = (await Promise.all(claims)).flatMap(({ records }) => names(records))
      equal(all.sort(), ['1', '2'])
      equal(names((await claim(outbox)).records), [])
    })

    it('keeps to room and bytes, and says that there is more', async () => {
      const body = 'x'.repeat(100)
      await add(outbox, ...[1, 2, 3, 4].map(n => event(n, { body })))
      const first = await claim(outbox, { room: 1 })
      equal([names(first.records), first.isMore], [['1'], true])
      equal(names((await claim(outbox, { bytes: 250 })).records), ['2', '3'])
      const last = await claim(outbox)
      equal([names(last.records), last.isMore], [['4'], undefined])
    })

    it('has forgotten what is settled', async () => {
      await add(outbox, event(1), event(2))
      const { records } = await claim(outbox)
      await settle(outbox, [records[0].id])
      equal(await outbox.total(), 1)
      await settle(outbox, ids(records))
      equal(await outbox.total(), 0)
      equal((await claim(outbox)).records, [])
    })

    it('gives again what is released, with what has changed', async () => {
      await add(outbox, event(1))
      const [record] = (await claim(outbox)).records
      await settle(outbox, [], [{ ...record, attempts: 3 }])
      const [again] = (await claim(outbox)).records
      equal([again.id, again.attempts], [record.id, 3])
    })

    it('brings back nothing that was settled before its release', async () => {
      await add(outbox, event(1))
      const [record] = (await claim(outbox)).records
      await settle(outbox, [record.id])
      await settle(outbox, [], [record])
      equal(await outbox.total(), 0)
    })

    it('gives away nothing that this page says it is sending', async () => {
      await outbox.prepare()
      const idle = event(2)
      const flying = event(1)
      const batch = { name: 'pw-tag.spool2', items: [flying, idle], flying: [flying] }
      await outbox.exchange([], [], [batch])
      equal(names((await claim(outbox)).records), ['2'])
      equal(await outbox.total(), 2)
      await settle(outbox, [], [event(1)])
      equal(names((await claim(outbox)).records), ['1'])
    })

    it('takes in a spool, with its gaps', async () => {
      // It stays there until it has been taken in.
      localStorage.setItem('pw-tag.spool1', '[]')
      await adopt(outbox, 'pw-tag.spool1', [event(1), undefined, event(2)])
      localStorage.removeItem('pw-tag.spool1')
      equal(names((await claim(outbox)).records), ['1', '2'])
    })

    it('drops what is older than 7 days, and says so', async () => {
      const time = START - OLDEST_MS
      await add(outbox, event('old', { time: time - 1 }), event('young', { time }))
      const { records, dropped } = await claim(outbox)
      equal([names(records), names(dropped)], [['young'], ['old']])
      equal(await outbox.total(), 1)
      clock.ms += 1
      await settle(outbox, [], [records[0]])
      equal(names((await claim(outbox)).dropped), ['young'])
      equal(await outbox.total(), 0)
    })

    it('holds 1,000 requests: past that it drops the oldest before it gives any, and says so', async () => {
      const of = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, n) =>
          event(10_000 + from + n, { time: START + from + n }),
        )
      await add(outbox, ...of(0, MOST_RECORDS))
      await add(outbox, ...of(1_000, 1_003))
      const { records, dropped } = await claim(outbox, { room: 1 })
      equal(names(dropped), ['10000', '10001', '10002'])
      equal(names(records), ['10003'])
      equal(await outbox.total(), MOST_RECORDS)
    })

    it('drops the oldest, and not a registration that is younger', async () => {
      const events = Array.from({ length: MOST_RECORDS }, (_, n) => event(10_000 + n))
      await add(outbox, ...events)
      await add(outbox, user('log-in', { time: START + 1 }))
      equal(names((await claim(outbox)).dropped), ['10000'])
    })

    it('gives one registration at a time, before the events', async () => {
      await add(outbox, event(1), user(1), user(2))
      const { records, isMore } = await claim(outbox)
      equal([names(records), isMore], [['1', '1'], true])
      equal(records[0].method, 'registerUser')
    })

    it('gives no registration while one is under way', async () => {
      await add(outbox, user(1))
      const [first] = (await claim(outbox)).records
      await add(outbox, user(2), event(1))
      equal(names((await claim(outbox)).records), ['1'])
      await settle(outbox, [first.id])
      equal(names((await claim(outbox, { registration: false })).records), [])
      equal(names((await claim(outbox)).records), ['2'])
    })
  })
}

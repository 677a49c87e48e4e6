// What the soak forgives (SPEC 5, README), and what it does not.
import assert from 'node:assert/strict'
import { beforeEach, mock, test } from 'node:test'
import { Ledger } from '../soak/ledger.mjs'

let ledger
let tell
const view = { n: 1, document: 'page' }

beforeEach(() => {
  mock.timers.reset()
  mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  ledger = new Ledger({
    on: listener => {
      tell = listener
    },
  })
  view.left = undefined
  view.opened = Date.now()
})

const later = ms => mock.timers.tick(ms)
let ids = 0
/** A request that was sent so many ms ago comes in; gives what answers it. */
const arrive = (event, { document = 'page', ago = 0, counted = true } = {}) => {
  const id = ++ids
  const query = { document, sent: String(Date.now() - ago) }
  const request = { event }
  tell({ type: 'request', id, at: Date.now(), method: 'postEvent', request, query, counted })
  return (answered = true) => tell({ type: 'closed', id, answered })
}
const failFor = ms => {
  ledger.fail('fails')
  later(ms)
  ledger.recover()
}
const again = () => arrive('A', { document: 'next' })()

const doubles = {
  'nothing went wrong': ['not forgiven', () => arrive('A')()],
  'the answer was lost': ['its answer was lost', () => arrive('A')(false)],
  'the answer came late': [
    'its answer came after 10 s',
    () => {
      const answer = arrive('A', { ago: 9_000 })
      later(1_000)
      answer()
    },
  ],
  'it waited for long before it was sent': [
    'not forgiven',
    () => {
      later(20_000)
      arrive('A', { ago: 100 })()
    },
  ],
  'the page left while the API was good': [
    'not forgiven',
    () => {
      const answer = arrive('A', { ago: 100 })
      ledger.leave(view)
      later(100)
      answer()
    },
  ],
  'the page left while the API failed': [
    'left in flight to an API that had begun to fail',
    () => {
      ledger.fail('fails')
      const answer = arrive('A')
      ledger.leave(view)
      later(100)
      answer()
    },
  ],
  'the page left 4 s before the API failed, and had heard nothing for as long': [
    'left in flight to an API that had begun to fail',
    () => {
      later(4_000)
      const answer = arrive('A')
      ledger.leave(view)
      later(4_000)
      ledger.fail('fails')
      answer()
    },
  ],
  'the page left 4 s before the API failed, and had just heard of it': [
    'not forgiven',
    () => {
      later(4_000)
      arrive('Other')()
      later(100)
      const answer = arrive('A')
      ledger.leave(view)
      later(4_000)
      ledger.fail('fails')
      answer()
    },
  ],
  'the page left 4 s before the API failed, as soon as it had been opened': [
    'not forgiven',
    () => {
      const answer = arrive('A')
      ledger.leave(view)
      later(4_000)
      ledger.fail('fails')
      answer()
    },
  ],
  'the page left when the API had answered again': [
    'not forgiven',
    () => {
      failFor(1_000)
      later(10)
      arrive('Other', { document: 'other' })()
      later(1_000)
      const answer = arrive('A')
      ledger.leave(view)
      answer()
    },
  ],
  'the page left when the answer had found nobody': [
    'left in flight to an API that had begun to fail',
    () => {
      failFor(1_000)
      const other = { n: 2, document: 'other' }
      const first = arrive('Other', other)
      later(100)
      ledger.leave(other)
      later(100)
      first()
      later(1_000)
      const answer = arrive('A')
      ledger.leave(view)
      answer()
    },
  ],
  'a kill had made the browser forget that the API was back': [
    'left in flight to an API that had begun to fail',
    () => {
      failFor(1_000)
      arrive('Other')()
      later(1_000)
      ledger.kill([])
      later(1_000)
      const answer = arrive('A')
      ledger.leave(view)
      answer()
    },
  ],
  'the API had answered since the kill': [
    'not forgiven',
    () => {
      failFor(1_000)
      arrive('Other')()
      later(1_000)
      ledger.kill([])
      later(20_000)
      arrive('Another')()
      later(1_000)
      const answer = arrive('A')
      ledger.leave(view)
      answer()
    },
  ],
  'another page left while the API failed': [
    'not forgiven',
    () => {
      ledger.fail('fails')
      const answer = arrive('A')
      ledger.leave({ n: 2, document: 'other' })
      answer()
    },
  ],
  'the page left with nothing answered for 2 s': [
    'left in flight to an API that had not answered for 2 s',
    () => {
      const answer = arrive('A', { ago: 2_100 })
      ledger.leave(view)
      later(100)
      answer()
    },
  ],
  'the page left as others had before, which had waited for 2 s in all': [
    'left in flight by one of several pages that had not been answered for 2 s in all',
    () => {
      for (const document of ['other', 'another']) {
        arrive('Other', { document, ago: 900 })
        ledger.leave({ n: 2, document, opened: Date.now() })
        later(100)
      }
      const answer = arrive('A', { ago: 900 })
      ledger.leave(view)
      answer()
    },
  ],
  'the page left as others had before, but one of them had been answered': [
    'not forgiven',
    () => {
      for (const document of ['other', 'another']) {
        arrive('Other', { document, ago: 900 })(document === 'another')
        later(600)
        ledger.leave({ n: 2, document, opened: Date.now() })
      }
      later(600)
      const answer = arrive('A', { ago: 900 })
      ledger.leave(view)
      answer()
    },
  ],
  'the page left when another request had been answered': [
    'not forgiven',
    () => {
      const answer = arrive('A', { ago: 2_000 })
      arrive('Other')()
      later(500)
      ledger.leave(view)
      later(100)
      answer()
    },
  ],
  'the browser was killed in flight': [
    'killed in flight',
    () => {
      const answer = arrive('A', { ago: 100 })
      ledger.kill([view])
      answer()
    },
  ],
}

for (const [what, [verdict, happen]] of Object.entries(doubles)) {
  test(`a double where ${what}: ${verdict}`, () => {
    ledger.call(['A'], view)
    happen()
    later(30_000)
    again()
    const { doubled, forgiven } = ledger.close()
    assert.deepEqual(doubled, verdict === 'not forgiven' ? ['A'] : [])
    assert.deepEqual(forgiven, verdict === 'not forgiven' ? {} : { [verdict]: 1 })
  })
}

import { restless } from './walk.mjs'

/**
 * Bugs to be planted, one at a time: a simulation that doesn't find them proves nothing. Each names a promise that breaks,
 * and what of the source makes it hold.
 */
export const mutations = [
  {
    name: 'the lease check: every record counts as free',
    file: 'outbox.ts',
    find: /if \(!holder \|\| isGone\(record\)\) \{/,
    replace: 'if (Math) {',
    breaks: ['one owner', 'never doubled'],
  },
  {
    name: 'the commit: a transaction is left open when the page goes',
    file: 'table-idb.ts',
    find: /if \(transaction\.commit\) transaction\.commit\(\)/,
    replace: '',
    // What has ended is written into localStorage too: without that, the transaction alone tells it.
    traits: { localStorage: false },
    breaks: ['never doubled', 'never lost'],
  },
  {
    name: 'the leaving: nothing is handed over at pagehide',
    file: 'sender.ts',
    find: /leave\(rest\) \{\n/,
    replace: 'leave(rest) {\n      if (Math) return\n',
    breaks: ['never lost', 'never doubled'],
  },
  {
    name: 'the hand-over: what is in flight at pagehide stays in the outbox',
    file: 'sender.ts',
    find: /handed\.forEach\(end\)/,
    replace: 'handed.forEach(forget)',
    breaks: ['never doubled'],
  },
  {
    name: 'the marker: a spool is taken in by each page that finds it',
    file: 'outbox.ts',
    find: 'const before = marker ? marker.time : 0',
    replace: 'const before = marker ? 0 : 0',
    breaks: ['never doubled', 'one owner'],
  },
  {
    name: 'the doubt: what was in flight at pagehide is not sent again, though the API turns out to have failed',
    file: 'spool.ts',
    find: 'writeLocal(SPOOL + rest, copy)',
    replace: '',
    breaks: ['never lost'],
  },
  {
    name: 'the waiting: pages that an API has not answered, one after the other, don’t add up',
    file: 'spool.ts',
    find: 'const IN_VAIN_MS = 2_000',
    replace: 'const IN_VAIN_MS = 99_000',
    odds: restless,
    breaks: ['never lost'],
  },
  {
    name: 'the patience: an API that is slow counts as one that does not answer',
    file: 'spool.ts',
    find: 'export const PATIENCE = 4',
    replace: 'export const PATIENCE = 0',
    odds: restless,
    breaks: ['never doubled'],
  },
  {
    name: 'the settling: a registration does not wait for that of the page before',
    file: 'sender.ts',
    find: 'const SETTLE_MS = 1_000',
    replace: 'const SETTLE_MS = 0',
    odds: restless,
    traits: { netMs: 900 },
    breaks: ['newest registration last'],
  },
  {
    name: 'the time of a doubt: the API counts as having failed at pagehide, when it failed long after that',
    file: 'spool.ts',
    find: 'const DOUBT_MS = 1_000',
    replace: 'const DOUBT_MS = 9_000',
    breaks: ['never doubled'],
  },
  {
    name: 'the waiting for a page to load: it claims a backlog while WebKit may let it go without a word',
    file: 'sender.ts',
    find: '!failing && isFleeting()',
    replace: 'false',
    traits: { webkit: true },
    breaks: ['never doubled'],
  },
  {
    name: 'the lease of what is late: what a page stores while it is under way is anybody’s',
    file: 'outbox.ts',
    find: 'owner: flying && flying.includes(item) && owner,',
    replace: '',
    breaks: ['never doubled'],
  },
]

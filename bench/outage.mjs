import { parseArgs } from 'node:util'
import { figuresOf, requests, buckets } from './outage/figures.mjs'
import { liveHerd } from './outage/herd.mjs'
const { values: o } = parseArgs({ options: { visitors: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, kind: { type: 'string', default: 'error' } , curve: {type:'boolean'}} })
for (const kind of o.kind.split(',')) {
const t0 = performance.now()
const tally = await liveHerd({ kind, visitors: +o.visitors, seed: +o.seed })
const f = figuresOf(tally)
const { failed, late, live, waits, ...rest } = tally
console.log(kind, ((performance.now() - t0) / 1000).toFixed(1), 's', JSON.stringify(rest))
console.log(Object.entries(f).map(([k, v]) => `${k} ${v.toFixed(2)}`).join('  '))
if (o.curve) for (const [name, list] of Object.entries({ failed, late, live, all: requests(tally) })) console.log(name.padEnd(7), buckets(list.slice(30*60-30), 10).slice(0, 30).map(n => (n / 10 / f.normal).toFixed(2)).join(' '))
}

import { delivery } from './delivery.mjs'
import { drain } from './drain.mjs'
import { latency } from './latency.mjs'
import { mainThread } from './main-thread.mjs'
import { outage } from './outage.mjs'
import { size } from './size.mjs'
import { wire } from './wire.mjs'

/**
 * The parts by the names that they are run by.
 * @type {Record<string, { title: string, run(count: number): Promise<any>, text(data: any): string }>} `run` gives what is
 *   kept, `text` makes Markdown of that
 */
export const PARTS = {
  size,
  'main-thread': mainThread,
  latency,
  drain,
  wire,
  delivery,
  outage,
}

// What must compile: by the module, and by the global of the script element.
import type { Attributes, End, InitOptions, Pw, State } from 'pw-tag'
import pw from 'pw-tag'

const options: InitOptions = { application: 'XXXXX-XXXXX', consent: 'pending', userId: 7 }
pw('init', options)
pw('init', {
  application: 'XXXXX-XXXXX',
  token: 't',
  endpoint: '/pw',
  hwid: 'h',
  deviceType: 11,
  gpc: true,
  pageEvent: 'View',
  clicks: false,
  debug: true,
})

interface Order {
  id: string
  total: number
  lines: string[]
}
declare const order: Order
const attributes: Attributes = { at: new Date(), nested: { list: [1, 'two'] } }
pw('event', 'Ordered')
pw('event', 'Ordered', null)
pw('event', 'Ordered', attributes)
pw('event', 'Ordered', order)

pw('register', '007')
pw('register', 7)
pw('register')
pw('reset')
pw('consent', 'granted')
pw('flush')
pw('flush', delivered => {
  const is: boolean = delivered
  return is
})
pw('flush', () => {}, 500)
pw('flush', 500, () => {})
pw('get', ({ hwid, waiting }: State) => [hwid?.length, waiting + 1])
pw('on', '*', (end: End) => end.request.event)
pw('on', 'refused', ({ reason, status }) => [reason?.length, status])

window.pw('event', 'Ordered')
globalThis.pw('event', 'Ordered')
window.pw.q.push(['event', 'Ordered'])
const global: Pw = window.pw
global('reset')

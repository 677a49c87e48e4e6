// What must not compile: each line below a `@ts-expect-error`, which is an error itself where there is none.
import pw from 'pw-tag'

// @ts-expect-error: no such command
pw('track', 'Ordered')
// @ts-expect-error: no command at all
pw()
// @ts-expect-error: no application
pw('init', {})
// @ts-expect-error: no options
pw('init')
// @ts-expect-error: a misspelt option
pw('init', { application: 'XXXXX-XXXXX', aplication: 'x' })
// @ts-expect-error: not one of the three
pw('init', { application: 'XXXXX-XXXXX', consent: 'yes' })
// @ts-expect-error: not a number
pw('init', { application: 'XXXXX-XXXXX', deviceType: 'chrome' })
// @ts-expect-error: no name
pw('event')
// @ts-expect-error: a name is a string
pw('event', 7)
// @ts-expect-error: attributes are an object
pw('event', 'Ordered', 'attributes')
// @ts-expect-error: attributes are no list
pw('event', 'Ordered', ['a'])
// @ts-expect-error: an id is no object
pw('register', { id: 1 })
// @ts-expect-error: takes nothing
pw('reset', 'user')
// @ts-expect-error: only init can be pending
pw('consent', 'pending')
// @ts-expect-error: no choice
pw('consent')
// @ts-expect-error: a timeout is a number
pw('flush', () => {}, '500')
// @ts-expect-error: no callback
pw('get')
// @ts-expect-error: no such ending
pw('on', 'lost', () => {})
// @ts-expect-error: no listener
pw('on', 'delivered')
// @ts-expect-error: the global has the same types
window.pw('track', 'Ordered')
// @ts-expect-error: no such field
pw('get', state => state.user)

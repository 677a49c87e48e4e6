import { attempt } from '../attempt.ts'
import { copyText } from './clipboard.ts'
import { el, on, say } from './dom.ts'
import { createListView } from './list-view.ts'
import { box, sheet } from './style.ts'
import type { Sight } from './text.ts'

export interface View {
  /** Whether there is more to be seen than the title. */
  isOpen(): boolean
  show(sight: Sight): void
}

/** What a page could take for its own. */
const EVENTS =
  `click auxclick dblclick contextmenu mousedown mouseup pointerdown pointerup touchstart touchmove touchend wheel
  keydown keyup keypress focusin focusout copy`.split(/\s+/)

const FACTS = ['application', 'hwid', 'userId', 'consent', 'waiting'] as const

/**
 * The panel, in a shadow tree of its own beside the page's body. `report` gives what is copied, `close` is called when it has
 * been closed.
 */
export const createView = (report: () => string, close: () => void): View => {
  const host = document.createElement('pw-debug')
  host.style.cssText = box
  const root = host.attachShadow({ mode: 'open' })
  // Without it the browser's own style has to do.
  attempt(() => {
    const style = new CSSStyleSheet()
    style.replaceSync(sheet)
    root.adoptedStyleSheets = [style]
  })
  for (const type of EVENTS) on(root, type, event => event.stopPropagation())
  // What has the page's focus keeps it.
  on(root, 'mousedown', event => {
    if ((event.target as Element).closest('button, summary')) event.preventDefault()
  })

  const title = el('h2')
  const said = el('span', { role: 'status' })
  const place = el('div')
  const facts = FACTS.map(name => [name, el('dd')] as const)
  const calls = createListView('Calls')
  const none = el('p')
  const outboxTitle = el('h3')
  const outbox = createListView('Outbox')
  const body = el(
    'div',
    {},
    el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name), value])),
    el('h3', {}, 'Calls'),
    calls.element,
    none,
    outboxTitle,
    outbox.element,
  )

  const button = (text: string, label: string, act: (button: HTMLElement) => unknown) => {
    const element = el('button', { type: 'button', 'aria-label': label }, text)
    on(element, 'click', () => act(element))
    return element
  }
  const copy = button('Copy as JSON', 'Copy as JSON', async () => {
    // Said again, it is a change again.
    say(said, '')
    say(said, (await copyText(report(), place)) ? 'Copied' : 'Copy it by hand:')
  })
  const fold = button('\u2013', 'Details', button => {
    body.hidden = !body.hidden
    say(place, '')
    say(said, '')
    button.setAttribute('aria-expanded', `${!body.hidden}`)
    say(button, body.hidden ? '+' : '\u2013')
  })
  fold.setAttribute('aria-expanded', 'true')
  const shut = button('\u00d7', 'Close', () => {
    host.remove()
    close()
  })

  root.append(
    el(
      'section',
      { 'aria-label': 'pw-tag debug' },
      el('header', {}, title, said, copy, fold, shut),
      place,
      body,
    ),
  )
  document.documentElement.append(host)

  return {
    isOpen: () => !body.hidden,
    show({ state, rows, outbox: stored }) {
      say(title, `pw-tag ${state ? state.version : ''}`)
      for (const [name, value] of facts) {
        const fact = state && state[name]
        say(value, fact === undefined || fact === null ? '\u2013' : `${fact}`)
      }
      calls.update(rows)
      say(
        none,
        rows.length ? '' : state ? 'None yet.' : "None: pw('init') has not been called yet.",
      )
      say(outboxTitle, `Outbox: ${stored.length}`)
      outbox.update(stored)
    },
  }
}

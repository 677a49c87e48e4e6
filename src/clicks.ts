import type { Attributes } from './types.ts'

const EVENT = 'data-pw-event'
const ATTRIBUTE = 'data-pw-attr-'

/**
 * Declarative events (SPEC 7): a click on or inside an element with `data-pw-event` posts that event, the innermost such
 * element counting, and so does the submit of a form that has it. Listens at the window, before the page can stop the
 * event, and touches neither it nor what it does.
 */
export const watchClicks = (post: (name: string, attributes: Attributes) => void): void => {
  /** A form's fields may have the names of its methods, and hide them. */
  const { getAttribute, getAttributeNames } = Element.prototype
  /** A click on a label is followed by one on its control, in the same task. */
  let clicked: Element | undefined

  const act = (event: Event) => {
    const path = event.composedPath()
    const element = path.find(
      node => node instanceof Element && getAttribute.call(node, EVENT),
    ) as Element
    // Of the buttons, only the first two; of forms, only the submit.
    if (!element || (event as MouseEvent).button > 1) return
    if (element instanceof HTMLFormElement !== (event.type === 'submit')) return
    if (element === clicked) return
    clicked = element
    setTimeout(() => {
      clicked = undefined
    })
    const attributes: Record<string, string | null> = {}
    for (const name of getAttributeNames.call(element)) {
      if (name.startsWith(ATTRIBUTE)) {
        attributes[name.slice(ATTRIBUTE.length)] = getAttribute.call(element, name)
      }
    }
    post(getAttribute.call(element, EVENT) as string, attributes)
  }

  for (const type of ['click', 'auxclick', 'submit']) addEventListener(type, act, true)
}

import { attempt } from '../attempt.ts'
import { el } from './dom.ts'

/**
 * Puts `text` into the clipboard; false where the browser lets nobody. `navigator.clipboard` is missing on `http:` pages: there
 * a text field in `place` is copied from, and left to be copied from by hand if that fails too.
 */
export const copyText = async (text: string, place: Element): Promise<boolean> => {
  place.textContent = ''
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch (_) {
    const before = (place.getRootNode() as ShadowRoot).activeElement || document.activeElement
    const field = el('textarea', { 'aria-label': 'All as JSON', rows: '4', readonly: '' })
    field.value = text
    place.append(field)
    const isCopied = attempt(() => {
      field.select()
      return document.execCommand('copy')
    })
    if (isCopied) {
      field.remove()
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
    return !!isCopied
  }
}

/** An element with its attributes, and children that are elements or text, never HTML. */
export const el = <K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: { readonly [name: string]: string } = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

/** Listens; what goes wrong in the panel is no error of the page's. */
export const on = (target: EventTarget, type: string, act: (event: Event) => unknown): void => {
  target.addEventListener(type, async event => {
    try {
      await act(event)
    } catch (_) {
      // It shows less.
    }
  })
}

/** Changes a text only where it is another: a new node would throw away what a visitor has selected. */
export const say = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

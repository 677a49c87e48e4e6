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

/** Changes a text only where it is another: a new node would throw away what a visitor has selected. */
export const say = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

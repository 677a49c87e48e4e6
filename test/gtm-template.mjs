/** The sections of a Tag Manager template, as text and as JSON. */
export function readTemplate(tpl) {
  const parts = tpl.split(/^___([A-Z_]+)___$/m).slice(1)
  const text = name => parts[parts.indexOf(name) + 1].trim()
  return { text, json: name => JSON.parse(text(name)) }
}

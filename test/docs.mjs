import { readdirSync, readFileSync } from 'node:fs'

const folder = new URL('../docs/', import.meta.url)

/** The pages of docs by name. */
export const pages = Object.fromEntries(
  readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .map(name => [name, readFileSync(new URL(name, folder), 'utf8')]),
)

/**
 * The code blocks of these pages in their order, each with the headings above it.
 * @returns {{ page: string, lang: string, code: string, heading: string }[]}
 */
export const blocks = Object.entries(pages).flatMap(([page, text]) => {
  let heading
  return Array.from(text.matchAll(/^#+ ([^\n]*)$|^```(\w*)\n(.*?)^```$/gms)).flatMap(match => {
    if (match[1]) heading = match[1]
    return match[1] ? [] : [{ page, lang: match[2], code: match[3], heading }]
  })
})

export const blocksIn = (...langs) => blocks.filter(({ lang }) => langs.includes(lang))

/** What `warnings.md` says, with an example each: `…` stands for any text. */
export const warnings = blocks
  .filter(({ page }) => page === 'warnings.md')
  .map(({ heading, code }) => ({ message: heading.replace(/^`|`$/g, ''), code }))

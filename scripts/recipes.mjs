// Part of `npm run build`: writes the version, and the hash of its pw.js, into the recipes that pin it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const read = path => readFileSync(new URL(path, root), 'utf8')

/** The pages that may hold such recipes. */
export const pages = () => [
  'README.md',
  ...readdirSync(new URL('docs', root))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

/** A page as it has to be for what is in dist. */
export function pinned(text) {
  const { version, files } = JSON.parse(read('dist/integrity.json'))
  return text
    .replace(/pw-tag@\d[^/\s]*(?=\/dist\/pw\.js)/g, `pw-tag@${version}`)
    .replace(/(?<=integrity=")sha384-[\w+/=]+/g, files['pw.js'])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const page of pages()) {
    const text = read(page)
    if (pinned(text) !== text) writeFileSync(new URL(page, root), pinned(text))
  }
}

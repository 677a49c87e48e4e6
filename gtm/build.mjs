// `npm run gtm`: makes `template.tpl` of what is in `src`. `--src <address>` makes it for a pw.js of your own, whose address
// is then the only one that the template may load; `--out <file>` puts it elsewhere. `--gallery <folder>` adds this version to
// the gallery's repository there.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { addVersion, versionsOf } from './gallery.mjs'
import { fields } from './src/fields.mjs'
import { permissions } from './src/permissions.mjs'

const read = name => readFileSync(new URL(name, import.meta.url), 'utf8')
const { version } = JSON.parse(read('../package.json'))

/** Where the template loads `pw.js` from: this very version of it. */
export const SCRIPT = `https://cdn.jsdelivr.net/npm/pw-tag@${version}/dist/pw.js`
export const CONSENT_TYPES = ['analytics_storage', 'ad_storage', 'personalization_storage']

// The agreement that Tag Manager puts at the head of every template, and the gallery asks for.
const TERMS = `By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.`

const indent = (text, by) => text.trimEnd().replace(/^(?=.)/gm, ' '.repeat(by))

/** The scenarios of `src/tests`: each file's name is its title, `setup.js` comes before each. */
export function scenarios() {
  return readdirSync(new URL('src/tests', import.meta.url))
    .filter(file => file !== 'setup.js')
    .sort()
    .map(file => ({
      name: file.replace(/\.js$/, '').replaceAll('-', ' '),
      code: read(`src/tests/${file}`),
    }))
}

export const setup = () => read('src/tests/setup.js')

/** The sandboxed code, for a `pw.js` at this address. */
export const code = (script = SCRIPT) => read('src/template.js').replace('PW_SRC', script)

const testsYaml = () =>
  [
    'scenarios:',
    ...scenarios().map(one => `- name: ${one.name}\n  code: |-\n${indent(one.code, 4)}`),
    `setup: |-\n${indent(setup(), 2)}`,
  ].join('\n')

/** The whole template. */
export function template(script = SCRIPT) {
  const allowed = { globals: ['pw', 'pw.q'], script, consentTypes: CONSENT_TYPES }
  const json = value => JSON.stringify(value, null, 2)
  const sections = {
    TERMS_OF_SERVICE: TERMS,
    INFO: json(JSON.parse(read('src/info.json'))),
    TEMPLATE_PARAMETERS: json(fields(CONSENT_TYPES)),
    SANDBOXED_JS_FOR_WEB_TEMPLATE: code(script).trimEnd(),
    WEB_PERMISSIONS: json(permissions(allowed)),
    TESTS: testsYaml(),
    NOTES: `Made by gtm/build.mjs of pw-tag ${version}.`,
  }
  const parts = Object.entries(sections).map(([name, content]) => `___${name}___\n\n${content}`)
  return `${parts.join('\n\n\n')}\n`
}

/** What `metadata.yaml` is to be: while the gallery has no version yet, that of a repository begun with this one. */
function firstMetadata() {
  const folder = mkdtempSync(join(tmpdir(), 'pw-tag-gallery-'))
  try {
    return addVersion(folder, version)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { src: { type: 'string' }, out: { type: 'string' }, gallery: { type: 'string' } },
  })
  const own = name => fileURLToPath(new URL(name, import.meta.url))
  writeFileSync(values.out ?? own('template.tpl'), template(values.src))
  if (values.gallery) writeFileSync(own('metadata.yaml'), addVersion(values.gallery, version))
  else if (!values.out && !values.src && versionsOf(read('metadata.yaml')).length < 2) {
    writeFileSync(own('metadata.yaml'), firstMetadata())
  }
}

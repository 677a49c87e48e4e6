// How the modules of src hang together: what each may import, and which know nothing of a browser.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { tokenizer } from 'acorn'
import { transformSync } from 'esbuild'

const src = new URL('../../src/', import.meta.url)
const files = readdirSync(src).filter(name => name.endsWith('.ts'))

/** What is left of a module without its types and comments: imports of types alone don't count. */
const code = Object.fromEntries(
  files.map(name => {
    const text = readFileSync(new URL(name, src), 'utf8')
    const options = {
      loader: 'ts',
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    }
    return [name, transformSync(text, options).code]
  }),
)
const imports = Object.fromEntries(
  files.map(name => [
    name,
    Array.from(code[name].matchAll(/(?:from|import)[\s(]*"([^"]+)"/g), ([, path]) =>
      path.replace('./', ''),
    ),
  ]),
)

/** All that a module needs to be loaded. */
const reach = (name, seen = new Set()) => {
  for (const next of imports[name] ?? []) {
    if (!seen.has(next)) reach(next, seen.add(next))
  }
  return seen
}

const BROWSER = new Set(
  `window self top document navigator localStorage sessionStorage indexedDB IDBKeyRange fetch XMLHttpRequest
  addEventListener removeEventListener history caches crypto screen performance HTMLElement HTMLScriptElement
  Element Node Event MutationObserver Request Response setTimeout setInterval console`.split(/\s+/),
)

/** Names that a module takes from the global scope of a browser: not those behind a dot, or before a colon. */
const browserNames = name => {
  const tokens = [...tokenizer(code[name], { ecmaVersion: 'latest', sourceType: 'module' })]
  return tokens
    .filter(({ value }, index) => {
      const before = tokens[index - 1]?.type.label
      const after = tokens[index + 1]?.type.label
      return BROWSER.has(value) && before !== '.' && before !== '?.' && after !== ':'
    })
    .map(({ value }) => value)
}

test('finds the modules', () => {
  assert.ok(files.length > 15, files.join())
  assert.ok(imports['visit.ts'].includes('sender.ts'), imports['visit.ts'].join())
  assert.ok(browserNames('local.ts').includes('localStorage'))
})

for (const name of ['clock', 'json', 'request', 'retry', 'types', 'id']) {
  test(`${name} touches no browser`, () => assert.deepEqual(browserNames(`${name}.ts`), []))
}

test('config touches no more of it than its address, its name, and its script elements', () => {
  const names = new Set(browserNames('config.ts'))
  for (const allowed of ['navigator', 'HTMLScriptElement']) names.delete(allowed)
  assert.deepEqual([...names], [])
})

for (const [name, only] of Object.entries({
  localStorage: ['local.ts', 'snippet.ts'],
  indexedDB: ['database.ts', 'sdk.ts'],
  fetch: ['transport.ts'],
  XMLHttpRequest: ['transport.ts'],
})) {
  test(`${name} has one door`, () => {
    assert.deepEqual(
      files.filter(file => browserNames(file).includes(name)),
      only,
    )
  })
}

test('no module needs itself', () => {
  for (const name of files) assert.ok(!reach(name).has(name), `${name} is in a circle`)
})

for (const [one, other] of [
  ['outbox', 'transport'],
  ['transport', 'outbox'],
  ['outbox', 'table-idb'],
  ['sender', 'database'],
  ['queue', 'commands'],
  ['config', 'visit'],
]) {
  test(`${one} can do without ${other}`, () => {
    assert.ok(!reach(`${one}.ts`).has(`${other}.ts`), [...reach(`${one}.ts`)].join())
  })
}

test('the stub and the types import nothing', () => {
  assert.deepEqual([imports['snippet.ts'], imports['types.ts']], [[], []])
})

test('no more is taken from outside than idb-keyval and nanoid', () => {
  const outside = new Set(
    Object.values(imports)
      .flat()
      .filter(path => !path.endsWith('.ts')),
  )
  assert.deepEqual([...outside].sort(), ['idb-keyval', 'nanoid'])
})

test('every module is part of something that is shipped', () => {
  const entries = ['main.ts', 'index.ts', 'snippet.ts', 'types.ts']
  const shipped = new Set(entries.flatMap(name => [name, ...reach(name)]))
  assert.deepEqual(
    files.filter(name => !shipped.has(name)),
    [],
  )
})

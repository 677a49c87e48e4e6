// The pages of docs: that each block of code in them is good for what it is, and that what they quote is so. Those that run on a
// page do so in e2e/docs.test.mjs.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { parse } from 'acorn'
import { transformSync } from 'esbuild'
import { pinned, pages as recipes } from '../../scripts/recipes.mjs'
import { blocks, blocksIn, pages, warnings } from '../docs.mjs'
import { createProject } from '../package-project.mjs'
import { checkNginx } from '../proxies.mjs'

const root = new URL('../../', import.meta.url)
const read = path => readFileSync(new URL(path, root), 'utf8')

test('every block is of a kind that is tested', () => {
  assert.ok(blocks.length > 30)
  const known = ['html', 'js', 'ts', 'tsx', 'sh', 'nginx']
  for (const { lang, page, code } of blocks) assert.ok(known.includes(lang), `${page}: ${code}`)
})

test('links lead to files and headings that are there', () => {
  const slug = heading =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-')
  for (const [page, text] of Object.entries(pages)) {
    for (const [, path, hash] of text.matchAll(/\]\(([\w./-]+)(?:#([\w-]+))?\)/g)) {
      const url = new URL(path, new URL(`docs/${page}`, root))
      assert.ok(existsSync(url), `${page}: ${path}`)
      const headings = Array.from(readFileSync(url, 'utf8').matchAll(/^#+ (.*)$/gm), m =>
        slug(m[1]),
      )
      assert.ok(!hash || headings.includes(hash), `${page}: ${path}#${hash}`)
    }
  }
})

test('recipes pin the version, and the hash, that dist has', () => {
  for (const page of recipes())
    assert.ok(read(page) === pinned(read(page)), `${page}: npm run build`)
  for (const page of ['README.md', 'docs/script-tag.md']) {
    assert.match(read(page), /integrity="sha384-/, page)
  }
})

test('shell commands are in the language of the shell', () => {
  for (const { code } of blocksIn('sh')) execFileSync('bash', ['-n'], { input: code })
})

test('nginx takes its blocks', async () => {
  for (const { code } of blocksIn('nginx')) await checkNginx(code)
})

test('scripts of a tag manager are ES5', () => {
  const custom = blocksIn('html').filter(({ page }) => page === 'tag-manager.md')
  assert.equal(custom.length, 2)
  const snippet = read('dist/snippet.js')
  for (const { code } of custom) {
    const [, script] = /^<script>\n(.*)<\/script>\n$/s.exec(code)
    const filled = script
      .replace(/\/\* dist.*?\*\//, () => snippet)
      .replace(/\{\{.*?\}\}/g, '"007"')
    parse(filled, { ecmaVersion: 5, sourceType: 'script' })
  }
})

test('code for the web SDK can be parsed', () => {
  for (const { code } of blocksIn('js')) parse(code, { ecmaVersion: 2018, sourceType: 'script' })
})

describe('modules', () => {
  let project
  let names
  before(async () => {
    project = await createProject({ borrowed: ['react', '@types/react', 'vue'] })
    const modules = blocksIn('ts', 'tsx')
    names = modules.map(({ code }) => /^\/\/ (\S+)\n/.exec(code)[1])
    for (const [index, { code }] of modules.entries()) await project.write(names[index], code)
  })
  after(() => project.remove())

  test('they compile', async () => {
    const options = { jsx: 'react-jsx', skipLibCheck: true }
    assert.equal(await project.check(names, options), '')
  })

  test('Vite bundles them', async () => {
    const code = names.map(name => `export * from './${name}'`).join('\n')
    await project.write('all.ts', code)
    const bundle = await project.bundle('all.ts')
    for (const part of ['itemBought', 'activityCompleted', 'register']) {
      assert.ok(bundle.includes(part), part)
    }
  })
})

/** The calls of `warn` in src, each as what its message can be. */
const warnCalls = readdirSync(new URL('src', root))
  .filter(name => name.endsWith('.ts') && name !== 'log.ts')
  .flatMap(name => {
    const { code } = transformSync(read(`src/${name}`), { loader: 'ts' })
    const found = []
    const visit = node => {
      if (!node || typeof node !== 'object') return
      if (node.type === 'CallExpression' && node.callee.name === 'warn') found.push(node.arguments)
      for (const child of Object.values(node)) visit(child)
    }
    visit(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }))
    return found.map(
      ([call, wrong, , done]) =>
        `[pw-tag] ${pattern(call)}: ${pattern(wrong)}; ${done ? pattern(done) : 'ignored'}`,
    )
  })

/** What a text can be, with `…` for what is known only when it is said. */
function pattern(node) {
  if (node.type === 'Literal') return node.value
  if (node.type !== 'TemplateLiteral') return '…'
  return node.quasis.map(({ value }) => value.cooked).join('…')
}

const matches = (wide, narrow) => {
  const parts = wide.split('…').map(part => part.replace(/[^\w\s]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(narrow)
}

test('every warning is in the list, and no other', () => {
  assert.ok(warnCalls.length > 10)
  const list = warnings.map(({ message }) => message)
  assert.equal(new Set(list).size, list.length)
  for (const call of warnCalls)
    assert.ok(
      list.some(one => matches(call, one)),
      `missing: ${call}`,
    )
  for (const one of list)
    assert.ok(
      warnCalls.some(call => matches(call, one)),
      `unknown: ${one}`,
    )
})

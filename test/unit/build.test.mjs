// What is committed in dist/ is what a clean build makes, and keeps to its limits (SPEC 1).
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { parse } from 'acorn'
import { rollup } from 'rollup'
import configs from '../../rollup.config.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const dist = name => readFile(join(root, 'dist', name))
const text = async name => String(await dist(name))

let folder
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pw-tag-build-'))
})
after(() => rm(folder, { recursive: true, force: true }))

async function build(to) {
  for (const { output, ...input } of [configs].flat()) {
    const bundle = await rollup({ ...input, input: join(root, input.input), logLevel: 'silent' })
    for (const one of [output].flat()) {
      const place = one.dir ? { dir: to } : { file: join(to, one.file.replace(/^.*\//, '')) }
      await bundle.write({ ...one, ...place })
    }
    await bundle.close()
  }
}

// The map names its sources by their way from where it stands.
const comparable = (name, content, from) => {
  if (!name.endsWith('.map')) return content.toString()
  const map = JSON.parse(content)
  const sources = map.sources.map(source =>
    join(from, source).replace(/^.*?(?=src\/|node_modules\/)/, ''),
  )
  return { ...map, sources }
}

test('dist is byte for byte what a clean build makes', { timeout: 60_000 }, async () => {
  const cwd = process.cwd()
  process.chdir(root)
  await build(folder).finally(() => process.chdir(cwd))
  const names = (await readdir(folder)).sort()
  assert.deepEqual(names, (await readdir(join(root, 'dist'))).sort())
  for (const name of names) {
    const made = comparable(name, await readFile(join(folder, name)), folder)
    const kept = comparable(name, await dist(name), join(root, 'dist'))
    if (typeof made === 'string') assert.ok(made === kept, `${name} is not what is built`)
    else assert.deepEqual(made, kept)
  }
})

test('the snippet is one statement of ES5, and short', async () => {
  const code = await text('snippet.js')
  assert.ok(Buffer.byteLength(code.trim()) <= 1_300, `${Buffer.byteLength(code)} bytes`)
  assert.equal(parse(code, { ecmaVersion: 5, sourceType: 'script' }).body.length, 1)
})

test('the snippet names its address once, and nothing that ends an inline script', async () => {
  const code = await text('snippet.js')
  assert.equal(code.split('PW_SRC').length - 1, 1)
  assert.doesNotMatch(code, /<\/script|<!--/i)
})

test('pw.js is small', async () => {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 }
  const { length } = brotliCompressSync(await dist('pw.js'), { params })
  assert.ok(length <= 7_000, `${length} bytes brotli`)
})

for (const name of ['pw.js', 'pw.mjs', 'snippet.js', 'pw-debug.js']) {
  test(`${name} is pure ASCII`, async () => {
    assert.deepEqual(
      (await dist(name)).filter(byte => byte > 0x7f),
      Buffer.alloc(0),
    )
  })
}

for (const name of ['pw.js', 'pw-debug.js']) {
  test(`${name} is one script of ES2018 that leaves no name behind`, async () => {
    const { body } = parse(await text(name), { ecmaVersion: 2018, sourceType: 'script' })
    const kinds = body.map(({ type }) => type)
    assert.deepEqual(
      kinds.filter(type => type !== 'ExpressionStatement'),
      [],
    )
  })

  test(`${name} probes for no module system, evaluates nothing and keeps no page from the cache`, async () => {
    const code = await text(name)
    for (const word of ['define(', 'exports', 'eval(', 'new Function', 'unload', 'beforeunload']) {
      assert.ok(!code.includes(word), word)
    }
  })
}

test('pw.mjs is a module of ES2018 with one export', async () => {
  const { body } = parse(await text('pw.mjs'), { ecmaVersion: 2018, sourceType: 'module' })
  const names = body
    .filter(({ type }) => type.startsWith('Export'))
    .flatMap(({ specifiers }) => specifiers?.map(({ exported }) => exported.name) ?? ['default'])
  assert.deepEqual(names, ['default'])
  assert.ok(!body.some(({ type }) => type === 'ImportDeclaration'))
})

test('pw.js says its version', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  for (const name of ['pw.js', 'pw.mjs']) {
    assert.match(await text(name), new RegExp(`["']${version}["']`), name)
    assert.ok(!(await text(name)).includes('__VERSION__'), name)
  }
})

test('integrity.json tells what a page may write into its script element', async () => {
  const { version, files } = JSON.parse(await text('integrity.json'))
  assert.equal(version, JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version)
  assert.deepEqual(Object.keys(files), ['pw.js', 'pw-debug.js'])
  for (const [name, value] of Object.entries(files)) {
    assert.equal(
      value,
      `sha384-${createHash('sha384')
        .update(await dist(name))
        .digest('base64')}`,
    )
  }
})

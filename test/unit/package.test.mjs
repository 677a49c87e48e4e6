// The package as others get it: packed, installed into an empty project, and used from there. That a bundle sends events is
// tested in e2e/package.test.mjs.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { createProject } from '../package-project.mjs'

let project
before(async () => {
  project = await createProject()
  for (const name of ['good.ts', 'bad.ts']) {
    await project.write(name, await readFile(new URL(`../types/${name}`, import.meta.url)))
  }
})
after(() => project.remove())

test('it holds dist and what says what it is, and needs no other package', async () => {
  const dist = 'integrity.json pw-debug.d.ts pw-debug.js pw.d.ts pw.js pw.js.map pw.mjs snippet.js'
  assert.deepEqual(project.files, [
    'LICENSE',
    'README.md',
    ...dist.split(' ').map(name => `dist/${name}`),
    'package.json',
  ])
  const { dependencies } = JSON.parse(await project.read('node_modules/pw-tag/package.json'))
  assert.equal(dependencies, undefined)
})

for (const [moduleResolution, module] of [
  ['bundler', 'ESNext'],
  ['nodenext', 'NodeNext'],
]) {
  test(`right calls compile, and wrong ones do not (${moduleResolution})`, async () => {
    assert.equal(await project.check(['good.ts', 'bad.ts'], { module, moduleResolution }), '')
  })
}

test('it can be imported where there is no window', async () => {
  const code = `import pw from 'pw-tag'
    pw('init', { application: 'XXXXX-XXXXX' })
    console.log(typeof pw, typeof window)`
  assert.equal(await project.run(code), 'function undefined')
})

test('the files for a page can be found in it', async () => {
  const code = `for (const name of ['pw.js', 'snippet.js', 'pw-debug.js', 'integrity.json'])
    console.log(import.meta.resolve('pw-tag/' + name).split('/pw-tag/')[1])`
  assert.deepEqual((await project.run(code)).split('\n'), [
    'dist/pw.js',
    'dist/snippet.js',
    'dist/pw-debug.js',
    'dist/integrity.json',
  ])
})

test('a bundler leaves it out where it is imported and not used, and keeps the script', async () => {
  await project.write('unused.js', `import pw from 'pw-tag'\nconsole.log('mine')\n`)
  await project.write('script.js', `import 'pw-tag/pw.js'\n`)
  assert.doesNotMatch(await project.bundle('unused.js'), /pushwoosh/)
  assert.match(await project.bundle('script.js'), /api\.pushwoosh\.com/)
})

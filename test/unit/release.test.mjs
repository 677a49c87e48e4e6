// `npm run release` in a repository of its own, whose build and tests are stand-ins.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const SCRIPT = fileURLToPath(new URL('../../scripts/release.mjs', import.meta.url))
const NAME = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@b.test' }
const ENV = {
  ...process.env,
  ...NAME,
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@b.test',
  GIT_CONFIG_GLOBAL: '/dev/null',
}
const BUILD = `const { readFileSync, writeFileSync } = require('node:fs')
const { version } = JSON.parse(readFileSync('package.json'))
writeFileSync('dist/pw.js', version + readFileSync('src.js'))`
// The tests see what is to be released, not what was there before.
const TEST = `const { readFileSync } = require('node:fs')
if (!readFileSync('dist/pw.js', 'utf8').endsWith('good')) process.exit(1)
if (!readFileSync('dist/pw.js', 'utf8').startsWith(process.env.WANTED)) process.exit(1)`

let folder
const at = name => join(folder, name)
const git = (...args) =>
  execFileSync('git', args, { cwd: folder, env: ENV, encoding: 'utf8' }).trim()
const json = name => JSON.parse(readFileSync(at(name), 'utf8'))
const commit = message => {
  git('add', '.')
  git('commit', '--quiet', '--message', message)
}
const build = () => execFileSync(process.execPath, ['build.cjs'], { cwd: folder })

const release = version => {
  const options = { cwd: folder, env: { ...ENV, WANTED: version }, encoding: 'utf8' }
  return spawnSync(process.execPath, [SCRIPT, version], options)
}

/** That nothing is different afterwards. */
const refuses = (version, reason) => {
  const state = () => [git('rev-parse', 'HEAD'), git('status', '--porcelain'), git('tag')]
  const before = state()
  const { status, stderr } = release(version)
  assert.equal(status, 1)
  assert.match(stderr, reason)
  assert.deepEqual(state(), before)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pw-tag-release-'))
  const scripts = { build: 'node build.cjs', test: 'node test.cjs' }
  const version = '0.1.0'
  const write = (name, content) => writeFileSync(at(name), content)
  mkdirSync(at('dist'))
  write('package.json', `${JSON.stringify({ name: 'x', version, scripts }, null, 2)}\n`)
  write('package-lock.json', JSON.stringify({ version, packages: { '': { version } } }, null, 2))
  write('CHANGELOG.md', '# Changelog\n\n## 0.1.0 (unreleased)\n\n- The tag.\n')
  write('build.cjs', BUILD)
  write('test.cjs', TEST)
  write('src.js', 'good')
  build()
  git('init', '--quiet')
  commit('First')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('makes a commit and a tag with the version everywhere', () => {
  assert.deepEqual(
    [release('0.1.0').status, git('tag'), git('status', '--porcelain')],
    [0, 'v0.1.0', ''],
  )
  assert.match(
    readFileSync(at('CHANGELOG.md'), 'utf8'),
    /\n## 0\.1\.0 \(\d{4}-\d\d-\d\d\)\n\n- The tag/,
  )
  appendFileSync(at('CHANGELOG.md'), '\n## Next (unreleased)\n\n- More.\n')
  commit('More')
  assert.equal(release('0.2.0').status, 0)
  assert.equal(git('log', '-1', '--format=%s'), 'Release 0.2.0')
  assert.equal(git('rev-parse', 'v0.2.0^{commit}'), git('rev-parse', 'HEAD'))
  assert.equal(json('package.json').version, '0.2.0')
  assert.equal(json('package-lock.json').packages[''].version, '0.2.0')
  assert.equal(git('show', 'HEAD:dist/pw.js'), '0.2.0good')
})

test('refuses a tree that is not clean, and leaves it alone', () => {
  writeFileSync(at('new.js'), '')
  refuses('0.2.0', /tree is not clean/)
})

test('refuses a dist that is not what is built', () => {
  appendFileSync(at('dist/pw.js'), '!')
  commit('By hand')
  refuses('0.2.0', /not what is built/)
})

test('refuses where a test fails, and takes the version back', () => {
  writeFileSync(at('src.js'), 'bad')
  build()
  commit('Bad')
  refuses('0.2.0', /npm test/)
  assert.equal(json('package.json').version, '0.1.0')
})

test('refuses a version that is not new, or no version, or nothing to tell', () => {
  refuses('0.0.9', /0\.1\.0 is newer/)
  refuses('next', /Say which version/)
  writeFileSync(
    at('CHANGELOG.md'),
    '# Changelog\n\n## Next (unreleased)\n\n## 0.1.0 (2020-01-01)\n\n- The tag.\n',
  )
  commit('Nothing')
  refuses('0.2.0', /nothing that is unreleased/)
})

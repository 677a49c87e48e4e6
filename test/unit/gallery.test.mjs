// The repository for the Community Template Gallery, as git sees it.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { addVersion, versionsOf } from '../../gtm/gallery.mjs'

const read = name => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const { version } = JSON.parse(read('package.json'))
const committed = read('gtm/metadata.yaml')
const shaOf = entry => entry.match(/sha: ([0-9a-f]{40})\n/)[1]

let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pw-tag-gallery-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const git = (...args) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' })

test('has at its root what the gallery asks for, and names the commit that brought the template', () => {
  const yaml = addVersion(folder, version)
  const files = git('ls-tree', '--name-only', 'HEAD').trim().split('\n')
  assert.deepEqual(files, ['LICENSE', 'README.md', 'metadata.yaml', 'template.tpl'])
  assert.equal(git('status', '--porcelain'), '')
  assert.equal(git('show', 'HEAD:metadata.yaml'), yaml)
  assert.match(git('show', 'HEAD:LICENSE'), /^\s+Apache License\s+Version 2\.0/)
  const sha = shaOf(versionsOf(yaml)[0])
  assert.equal(git('show', `${sha}:template.tpl`), read('gtm/template.tpl'))
  assert.equal(git('rev-parse', 'HEAD~1').trim(), sha)
})

test('puts a new version above the older ones', () => {
  const before = versionsOf(addVersion(folder, version))
  appendFileSync(join(folder, 'template.tpl'), 'older')
  git('-c', 'user.name=A', '-c', 'user.email=a@b.test', 'commit', '--quiet', '--all', '-m', 'Older')
  const [newest, ...rest] = versionsOf(addVersion(folder, '99.0.0'))
  assert.deepEqual(rest, before)
  assert.match(newest, /changeNotes: Loads pw-tag 99\.0\.0\.\n/)
  assert.equal(git('rev-parse', 'HEAD~1').trim(), shaOf(newest))
})

test(
  'metadata.yaml names the commit that the gallery’s repository begins with',
  {
    skip: versionsOf(committed).length > 1 && 'the gallery has it already',
  },
  () => assert.equal(committed, addVersion(folder, version)),
)

/**
 * The repository that the Community Template Gallery wants of a template: `template.tpl`, `metadata.yaml`, README and the
 * Apache 2.0 licence at its root, and in `metadata.yaml` the commit that brought each version
 * (https://developers.google.com/tag-platform/tag-manager/templates/gallery).
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HOME = 'https://www.npmjs.com/package/pw-tag'
const FILES = ['LICENSE', 'README.md', 'template.tpl']

const here = name => fileURLToPath(new URL(name, import.meta.url))

/** Date of the commits of a version that has none in the changelog yet. */
const UNRELEASED = '2026-01-01'

/** The versions that a `metadata.yaml` lists, newest first, as they stand there. */
export const versionsOf = yaml => yaml.match(/^ {2}- sha: .+\n {4}changeNotes: .+\n/gm) ?? []

const metadata = versions =>
  `homepage: "${HOME}"\ndocumentation: "${HOME}"\nversions:\n${versions.join('')}`

/**
 * Adds this version to the gallery's repository in `folder`, which is begun if it isn't there. The same commits whoever
 * makes them, so that the first one's name can be foretold. Gives `metadata.yaml`.
 */
export function addVersion(folder, version) {
  mkdirSync(folder, { recursive: true })
  const changelog = readFileSync(here('../CHANGELOG.md'), 'utf8')
  const dated = changelog.match(/^## (\S+) \((\d{4}-\d\d-\d\d)\)/m)
  const date = `${dated?.[1] === version ? dated[2] : UNRELEASED}T00:00:00Z`
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  }
  for (const role of ['AUTHOR', 'COMMITTER']) {
    env[`GIT_${role}_NAME`] = 'pw-tag'
    env[`GIT_${role}_EMAIL`] = 'pw-tag@localhost'
    env[`GIT_${role}_DATE`] = date
  }
  const git = (...args) => execFileSync('git', args, { cwd: folder, env, encoding: 'utf8' }).trim()
  const commit = (files, message) => {
    git('add', '--', ...files)
    git('commit', '--quiet', '--message', message)
    return git('rev-parse', 'HEAD')
  }

  if (!existsSync(join(folder, '.git'))) git('init', '--quiet', '--initial-branch=main')
  for (const file of FILES) copyFileSync(here(file), join(folder, file))
  const sha = commit(FILES, `Load pw-tag ${version}`)
  const path = join(folder, 'metadata.yaml')
  const older = existsSync(path) ? versionsOf(readFileSync(path, 'utf8')) : []
  const yaml = metadata([`  - sha: ${sha}\n    changeNotes: Loads pw-tag ${version}.\n`, ...older])
  writeFileSync(path, yaml)
  commit(['metadata.yaml'], `Name the commit of pw-tag ${version}`)
  return yaml
}

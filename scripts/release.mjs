// `npm run release -- 0.2.0`: makes a release of what is committed: version, changelog, build, tests, commit, tag.
// Refuses, and leaves everything as it was, if the tree is not clean, dist/ is not what a build makes, or a test fails.
// Nothing leaves this machine.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const UNRELEASED = /^## .*\(unreleased\)\n+(?=[^#\s])/m

const run = (command, ...args) => execFileSync(command, args, { stdio: 'inherit' })
const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim()
const read = name => readFileSync(name, 'utf8')
const isClean = () => git('status', '--porcelain') === ''

/** A reason not to release. */
class Refusal extends Error {}

const refuseUnless = (condition, reason) => {
  if (!condition) throw new Refusal(reason)
}

const numbers = version => version.split('.').map(Number)

function isNewer(version, than) {
  const [one, other] = [numbers(version), numbers(than)]
  const index = one.findIndex((number, i) => number !== other[i])
  return index >= 0 && one[index] > other[index]
}

function writeVersion(version) {
  for (const name of ['package.json', 'package-lock.json']) {
    const json = JSON.parse(read(name))
    json.version = version
    if (json.packages) json.packages[''].version = version
    writeFileSync(name, `${JSON.stringify(json, null, 2)}\n`)
  }
  const today = new Date().toISOString().slice(0, 10)
  const heading = `## ${version} (${today})\n\n`
  writeFileSync('CHANGELOG.md', read('CHANGELOG.md').replace(UNRELEASED, heading))
}

function release(version = '') {
  refuseUnless(/^\d+\.\d+\.\d+$/.test(version), 'Say which version: npm run release -- 1.2.3')
  const tag = `v${version}`
  const { version: current } = JSON.parse(read('package.json'))
  const isFirst = git('tag', '--list', 'v*') === ''
  refuseUnless(isNewer(version, current) || (isFirst && version === current), `${current} is newer`)
  refuseUnless(git('tag', '--list', tag) === '', `There is a tag ${tag} already`)
  refuseUnless(UNRELEASED.test(read('CHANGELOG.md')), 'CHANGELOG.md has nothing that is unreleased')
  refuseUnless(isClean(), `The tree is not clean:\n${git('status', '--short')}`)

  try {
    run('npm', 'run', 'build')
    refuseUnless(isClean(), `What is committed is not what is built:\n${git('status', '--short')}`)
    writeVersion(version)
    run('npm', 'run', 'build')
    run('npm', 'test')
    const added = git('ls-files', '--others', '--exclude-standard')
    refuseUnless(added === '', `Build or tests have left over:\n${added}`)
    git('commit', '--all', '--message', `Release ${version}`)
  } catch (error) {
    git('restore', '--staged', '--worktree', '.')
    throw error
  }
  git('tag', '--annotate', tag, '--message', `pw-tag ${version}`)
  console.log(`${tag} is there. To publish it: git push --follow-tags && npm publish`)
}

try {
  release(process.argv[2])
} catch (error) {
  // What npm has run has said itself what went wrong.
  console.error(
    `No release. ${error instanceof Refusal ? error.message : error.message.split('\n')[0]}`,
  )
  process.exitCode = 1
}

import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const roots = new Set()
/** Roots whose end is not that of what they have started. */
const alive = new Set()

/** Browsers' processes end within so long of the main one. */
const ORDERLY_MS = 1000

/**
 * Starts a program as the leader of a session of its own. It neither outlives this process nor keeps it
 * alive.
 * @returns {import('node:child_process').ChildProcess}
 */
export function start(command, args, { env, stdio = 'ignore' } = {}) {
  const child = spawn(command, args, {
    detached: true,
    env: { ...process.env, ...env },
    stdio,
  })
  child.on('error', error => console.error(`${command}: ${error.message}`))
  adopt(child)
  return child
}

/** Takes over a process that another has started as the leader of a session. */
export function adopt(child) {
  roots.add(child.pid)
  child.unref()
  child.once('exit', () => alive.has(child.pid) || killTree(child.pid))
}

/** SIGKILL to a process, what it has started, and what is left of its session. None lives to see another's end. */
export function killTree(root) {
  const pids = tree(root)
  for (const name of ['SIGSTOP', 'SIGKILL']) {
    for (const pid of pids) signal(pid, name)
  }
  roots.delete(root)
}

function signal(pid, name) {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended in the meantime.
  }
}

/** SIGKILL to a program, as by `killTree`; or, `alone`, to itself, and a second later to what it has started. */
export async function kill(child, { alone = false } = {}) {
  if (alone) {
    alive.add(child.pid)
    const all = tree(child.pid)
    signal(child.pid, 'SIGKILL')
    await sleep(ORDERLY_MS)
    alive.delete(child.pid)
    all.forEach(killTree)
  } else killTree(child.pid)
  await ended(child)
}

/** Resolves when the process has ended. */
export function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  child.ref()
  return new Promise(resolve => child.once('exit', resolve))
}

// Descendants, and the session too: a helper whose parent has ended belongs to init.
function tree(root) {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(readStat)
  const found = new Set([root])
  for (let size = 0; size !== found.size; ) {
    size = found.size
    for (const { pid, parent, session } of all) {
      if (session === root || found.has(parent)) found.add(pid)
    }
  }
  return [...found]
}

function readStat(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [{ pid: Number(pid), parent: Number(parent), session: Number(session) }]
  } catch {
    return []
  }
}

process.on('exit', () => roots.forEach(killTree))
for (const [name, code] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(name, () => process.exit(code))
}

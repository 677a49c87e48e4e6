import { once } from 'node:events'
import { createServer } from 'node:net'

const taken = new Set()

/**
 * Lets a server listen on a port that no other of this process has had: to a browser that is an origin without a past.
 * @param {() => import('node:net').Server} create
 */
export async function listenAnew(create) {
  for (;;) {
    const server = create().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address()
    if (!taken.has(port)) {
      taken.add(port)
      return server
    }
    server.close()
  }
}

/** A TCP port of this machine that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

// Below those that a system gives out by itself: to each process a share.
const SHARE = 256
const FIRST = 16_384 + (process.pid % 64) * SHARE
let given = 0

/**
 * Lets an API listen on a port that no other process's tests get while it is away: what its pages still try to send would
 * arrive there.
 * @param {(port: number) => Promise<string>} listen
 */
export async function listenOnOwnPort(listen) {
  for (;;) {
    try {
      return await listen(FIRST + (given++ % SHARE))
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error
    }
  }
}

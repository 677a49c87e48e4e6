import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/**
 * Stands between the browser and a server of this machine, and counts what goes through: bytes of HTTP, headers included,
 * without what TCP and TLS would add.
 * @param {number} port of the server
 */
export async function startMeter(port) {
  let sent = 0
  let received = 0
  const sockets = new Set()
  const server = createServer(client => {
    const upstream = connect(port, '127.0.0.1')
    client.on('data', data => {
      sent += data.length
    })
    upstream.on('data', data => {
      received += data.length
    })
    client.pipe(upstream).pipe(client)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: server.address().port,
    /** What has been sent and received since the last time. */
    take: () => {
      const bytes = { sent, received }
      sent = received = 0
      return bytes
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

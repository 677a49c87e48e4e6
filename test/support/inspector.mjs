import WebSocket from 'ws'

/**
 * The pages of a WebKitGTK that was started with WEBKIT_INSPECTOR_HTTP_SERVER, by the address of each.
 * @param {number} port
 * @returns {Promise<{ id: string, url: string }[]>}
 */
export async function listTargets(port) {
  const response = await fetch(`http://127.0.0.1:${port}/`)
  const rows = (await response.text()).matchAll(
    /targeturl">([^<]*)<.*?(\/socket\/\d+\/\d+\/WebPage)/g,
  )
  return Array.from(rows, ([, url, id]) => ({ id, url }))
}

/**
 * Speaks Web Inspector's protocol to one of them.
 * @param {number} port
 * @param {string} id
 */
export async function inspect(port, id) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${id}`)
  const waiting = new Map()
  let calls = 0
  let target

  const fail = message => {
    for (const { reject } of waiting.values()) reject(new Error(message))
    waiting.clear()
  }
  const take = ({ id, result, error }) => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (error) call?.reject(new Error(error.message))
    else call?.resolve(result)
  }
  await new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => {
      fail('The page has gone')
      reject(new Error('The page has gone'))
    })
    socket.on('message', text => {
      const { method, params } = JSON.parse(text)
      if (method === 'Target.targetCreated' && !params.targetInfo.isProvisional) {
        target = params.targetInfo.targetId
        resolve()
      } else if (method === 'Target.didCommitProvisionalTarget') {
        // A navigation to another site goes on in another process.
        target = params.newTargetId
        fail('The page has left')
      } else if (method === 'Target.dispatchMessageFromTarget') {
        take(JSON.parse(params.message))
      }
    })
  })

  const call = (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++calls
      waiting.set(id, { resolve, reject })
      const message = JSON.stringify({ id, method, params })
      const wrapped = { targetId: target, message }
      socket.send(JSON.stringify({ id, method: 'Target.sendMessageToTarget', params: wrapped }))
    })

  return {
    /** The value of an expression, or of the promise it gives, as a user gesture. */
    evaluate: async expression => {
      const gesture = { expression, emulateUserGesture: true }
      let outcome = await call('Runtime.evaluate', gesture)
      const { className, objectId } = outcome.result
      if (className === 'Promise' && objectId) {
        outcome = await call('Runtime.awaitPromise', {
          promiseObjectId: objectId,
          returnByValue: true,
        })
      } else if (objectId && !outcome.wasThrown) {
        outcome = await call('Runtime.callFunctionOn', {
          objectId,
          functionDeclaration: 'function () { return this }',
          returnByValue: true,
        })
      }
      if (outcome.wasThrown) throw new Error(outcome.result.description ?? outcome.result.value)
      return outcome.result.value
    },
    close: () => socket.close(),
  }
}

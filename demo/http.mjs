const BODY_LIMIT = 1024 * 1024

/**
 * The bytes of a request; `tooLarge` past 1 MB; neither if the connection was cut before its end.
 * @param {import('node:http').IncomingMessage} req
 * @returns {Promise<{ bytes?: Buffer, tooLarge?: boolean }>}
 */
export async function readBody(req) {
  const chunks = []
  let size = 0
  try {
    for await (const chunk of req) {
      size += chunk.length
      if (size <= BODY_LIMIT) chunks.push(chunk)
    }
  } catch {
    return {}
  }
  return size > BODY_LIMIT ? { tooLarge: true } : { bytes: Buffer.concat(chunks) }
}

/** A page may read the answers; a beacon is sent with credentials, so `*` will not do for it. */
export function corsHeaders({ headers: { origin } }) {
  return {
    // Browsers send a request again by themselves when a connection they have used before is
    // cut, POST included. `lose` and `drop` are to be the page's affair, so none is used twice.
    connection: 'close',
    'access-control-allow-origin': origin ?? '*',
    vary: 'Origin',
    ...(origin !== undefined && { 'access-control-allow-credentials': 'true' }),
  }
}

/** Where a browser tells the mode: a beacon of plain text is the one that is not CORS. */
export function guessTransport(headers) {
  return { 'no-cors': 'beacon', cors: 'fetch' }[headers['sec-fetch-mode']]
}

/** Answers in the API's form where there is nothing but a status to tell. */
export function sendJson(req, res, status, message, headers) {
  res.writeHead(status, { ...corsHeaders(req), 'content-type': 'application/json', ...headers })
  res.end(JSON.stringify({ status_code: status, status_message: message, response: null }))
}

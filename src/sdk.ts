import { promisifyRequest } from 'idb-keyval'
import { attempt } from './attempt.ts'

const NAME = 'PUSHWOOSH_SDK_STORE'

/**
 * The HWID of the vendor's web push SDK, from its own database (`hwid: 'sdk'`, SPEC 2); rejects where there is none. Neither
 * makes nor upgrades that database: it is opened only if it is listed (WebKit keeps an empty one whose making was aborted), and
 * what opening it would begin is aborted.
 */
export const readSdkHwid = async (): Promise<string> => {
  if (!(await indexedDB.databases()).some(({ name }) => name === NAME)) throw 0
  const request = indexedDB.open(NAME)
  request.onupgradeneeded = () => (request.transaction as IDBTransaction).abort()
  const db = await promisifyRequest(request)
  const found = attempt(() =>
    promisifyRequest(db.transaction('keyValue').objectStore('keyValue').get('params.hwid')),
  )
  // When that is done; and where it can't be, since the SDK could not upgrade its database else.
  db.close()
  return (await found).value
}

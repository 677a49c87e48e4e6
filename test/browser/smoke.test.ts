import { customAlphabet } from 'nanoid'

// What the other files in this folder take for granted.
describe('a browser test', () => {
  const name: string = 'browser-smoke'

  it('is TypeScript, with the browser build of packages', () => {
    if (!/^[01]{9}$/.test(customAlphabet('01', 9)())) throw new Error('nanoid does not work')
  })

  it('runs in a page that is visible and may use IndexedDB', async () => {
    if (document.visibilityState !== 'visible') throw new Error('The page is hidden')
    await new Promise((resolve, reject) => {
      const open = indexedDB.open(name)
      open.onsuccess = resolve
      open.onerror = reject
    })
  })
})

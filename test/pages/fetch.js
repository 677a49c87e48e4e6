// `?how=` the page has patched fetch.
;(() => {
  const { fetch } = window
  const how = {
    missing: () => delete window.fetch,
    nothing: () => (window.fetch = undefined),
    throws: () =>
      (window.fetch = () => {
        throw new Error('No fetch')
      }),
    rejects: () => (window.fetch = () => Promise.reject(new Error('No fetch'))),
    'gives undefined': () => (window.fetch = () => {}),
    'gives nonsense': () => (window.fetch = () => ({ ok: true })),
    'gives a thenable': () =>
      (window.fetch = (...args) => ({
        // biome-ignore lint/suspicious/noThenProperty: that is the point
        then: (done, failed) => fetch(...args).then(done, failed),
      })),
    wraps: () => (window.fetch = (...args) => fetch(...args).then(response => response)),
    'wraps and reads': () =>
      (window.fetch = async (...args) => {
        const response = await fetch(...args)
        await response.clone().text()
        return response
      }),
    'sends and gives undefined': () =>
      (window.fetch = (...args) => {
        fetch(...args)
      }),
    'sends late': () =>
      (window.fetch = async (...args) => {
        await new Promise(done => setTimeout(done, 50))
        return fetch(...args)
      }),
  }
  how[__test.query.get('how') || 'missing']()
})()

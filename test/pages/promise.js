// `?how=` the page has dealt with Promise.
;(() => {
  function Broken() {
    throw new Error('Not this promise')
  }
  Broken.resolve = Broken.reject = Broken.all = Broken.race = Broken
  const how = {
    missing: () => delete window.Promise,
    replaced: () => (window.Promise = Broken),
    patched: () => {
      const { then } = Promise.prototype
      // biome-ignore lint/suspicious/noThenProperty: that is the point
      Promise.prototype.then = function (...args) {
        return then.apply(this, args)
      }
      Promise.prototype.finally = undefined
      Promise.allSettled = Promise.any = undefined
    },
  }
  how[__test.query.get('how') || 'missing']()
})()

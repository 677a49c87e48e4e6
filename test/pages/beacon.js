// `?how=` the page has patched sendBeacon.
;(() => {
  const how = {
    missing: () => delete Navigator.prototype.sendBeacon,
    throws: () =>
      (Navigator.prototype.sendBeacon = () => {
        throw new Error('No beacon')
      }),
    refuses: () => (Navigator.prototype.sendBeacon = () => false),
    'gives undefined': () => (Navigator.prototype.sendBeacon = () => {}),
  }
  how[__test.query.get('how') || 'missing']()
})()

// Starts the tag on a page of this folder, when the page has made itself hostile: the stub, with what the address says
// (`src`, and JSON of the options of `init`), an event before `pw.js` is there, and a button for more.
;(() => {
  var test = __test
  var script = document.createElement('script')
  var host = document.documentElement
  test.remember()
  script.text = test.stub.replace('PW_SRC', test.query.get('src') || '/pw.js')
  host.appendChild(script)
  host.removeChild(script)
  pw('init', test.options)
  pw('event', 'Stub', test.payload())
  addEventListener('DOMContentLoaded', () => {
    var button = document.createElement('button')
    button.textContent = 'Send an event'
    button.setAttribute('data-pw-event', 'Clicked')
    document.body.appendChild(button)
  })
})()

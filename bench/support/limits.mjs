/** What is to be reached: ratios to a bare `fetch`, or to the tag with nothing waiting, and times. */
export const LIMITS = {
  /** A call in a click handler, as the page feels it. */
  call: 0.1,
  /** All that an event costs the main thread. */
  whole: 1.5,
  /** With 900 requests waiting against hardly any. */
  backlog: 1.2,
  /** Call to arrival of a page's first event, on a later visit. */
  latency: 1.2,
  /** 500 events after an outage. */
  drain: 1.3,
  /** CPU time of a task, in ms. */
  task: 10,
  /** Requests in the worst minute after an outage of ten, against the normal rate. */
  herd: 2,
  /** Until what waited on open pages is gone after that, in s. */
  backlogGone: 300,
}

import { until } from '../until.mjs'

// What the drivers say of a document that went away before it had answered.
const LEFT =
  /context was destroyed|Cannot find context|target navigated|before the unload event|has left|DiscardedBrowsingContext|Actor .* destroyed/

let documents = 0

/**
 * What a page can do by evaluating alone, in the same way in all engines: the drivers' own ways of navigating wait for
 * load events that a page does not have when it comes out of the back/forward cache, or do not wait at all.
 * @param {(code: string, args: unknown[], limits: { timeoutMs?: number }) => Promise<any>} run
 */
export function definePage(run) {
  const evaluateWithin = async (limits, code, args) => {
    try {
      return await run(String(code), args, limits)
    } catch (error) {
      // It may have been the last act of the code to leave.
      if (!LEFT.test(error.message)) throw error
    }
  }
  const evaluate = (code, ...args) => evaluateWithin({}, code, args)
  // WebKit may never answer what is asked of a page while it is being left: then it is asked again.
  const waitFor = (code, ...args) =>
    until(() => evaluateWithin({ timeoutMs: 1000 }, code, args), { message: String(code) })

  // A document begins as an empty one, which is complete: in another process Firefox shows it for a moment.
  const arrive = (left, { until = 'load' } = {}) =>
    waitFor(
      (mark, states) =>
        (!mark || document.__left !== mark) &&
        location.href !== 'about:blank' &&
        states.includes(document.readyState),
      left,
      until === 'load' ? ['complete'] : ['interactive', 'complete'],
    )
  // Documents are told apart by a mark. Their time origin would not do: WebKit works it out from two clocks whenever it is
  // read, so that it may change by a millisecond (Performance::timeOrigin).
  const leaveBy = async (act, args, how) => {
    const mark = ++documents
    await waitFor(mark => (document.__left = mark), mark)
    await evaluate(act, ...args)
    await arrive(mark, how)
  }
  return {
    evaluate,
    waitFor,
    /** Waits for the document that comes of what `act`, called with `args`, does. */
    leaveBy,
    /** Waits for the first page of a new tab. */
    arrive: how => arrive(undefined, how),
    goto: (url, how) =>
      leaveBy(
        to => {
          if (location.href === 'about:blank') location.replace(to)
          else location.href = to
        },
        [url],
        how,
      ),
    reload: how => leaveBy(() => location.reload(), [], how),
    back: how => leaveBy(() => history.back(), [], how),
    navigateAway: url =>
      evaluate(to => {
        location.href = to
      }, url),
    errors: () => evaluate(() => window.__errors ?? []),
  }
}

/** The source of an expression that gives what the code gives, called with `args` if it is a function. */
export const callOf = (code, args) =>
  `(function (code) { return typeof code == 'function' ? code.apply(null, ${JSON.stringify(args)}) : code })(${code})`

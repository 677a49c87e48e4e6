import { live } from './simulate.mjs'

/** The shortest history, of those that leave out actions of `history`, that still breaks the same promise (ddmin). */
export const shrink = async (code, history, promise) => {
  const breaks = async actions => {
    const { ledger } = await live(code, { ...history, actions })
    return ledger.broken?.promise === promise
  }
  let { actions } = history
  for (let size = actions.length >> 1; size >= 1; ) {
    let shorter
    for (let from = 0; from < actions.length && !shorter; from += size) {
      const rest = actions.filter((_, index) => index < from || index >= from + size)
      if (await breaks(rest)) shorter = rest
    }
    if (shorter) actions = shorter
    if (!shorter || size > actions.length) size >>= 1
  }
  return { ...history, actions: await fewer(actions, breaks) }
}

/** The same with fewer calls and plainer pages. */
const fewer = async (actions, breaks) => {
  const plainer = [
    action => ({ ...action, count: 1 }),
    action => ({ ...action, lastCalls: 0 }),
    action => ({ ...action, cache: false }),
    action => ({ ...action, page: { ...action.page, calls: 0 } }),
    action => ({ ...action, page: { ...action.page, userId: undefined, twice: false } }),
  ]
  let best = actions
  for (let index = 0; index < actions.length; index++) {
    for (const change of plainer) {
      const changed = best.map((action, at) => (at === index ? change(action) : action))
      if (await breaks(changed)) best = changed
    }
  }
  return best
}

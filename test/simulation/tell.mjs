const seconds = ms => (ms / 1_000).toFixed(3).padStart(12)

const details = {
  mood: ({ kind, share }) => `${kind}, ${Math.round(share * 100)} % of the requests`,
  call: ({ count }) => `${count} events`,
  callAndLeave: ({ count, lastCalls }) => `${count} events, ${lastCalls} in pagehide`,
  navigate: ({ lastCalls, cache }) => `${lastCalls} events in pagehide${cache ? ', kept' : ''}`,
  stall: ({ ms }) => `${Math.round(ms)} ms`,
  register: ({ userId }) => userId,
}

const opening = ['open', 'navigate', 'callAndLeave']

/** An action of a history in words. */
export const describeAction = action => {
  const { stub, tagMs, calls, twice, userId } = action.page
  const page = `a page (${stub ? 'stub' : 'no stub'}, tag after ${Math.round(tagMs)} ms, ${calls} events${
    twice ? ', tag twice' : ''
  }${userId ? `, user ${userId}` : ''})`
  const what = [action.type, details[action.type]?.(action), opening.includes(action.type) && page]
  return `${seconds(action.at)}  ${what.filter(Boolean).join(' ')}`
}

/** The stub writes its spool anew at each call: once is enough to know. */
const isRepeated = ({ page, text }, index, notes) => {
  const before = notes[index - 2]
  return !!before && before.page === page && before.text === text
}

/** What happened, but for the calls and requests of other events than the one it is about. */
export const describeNotes = (notes, { event }) =>
  notes
    .filter(note => !note.event || !event || note.event === event.name)
    .filter((note, index, all) => !isRepeated(note, index, all))
    .map(({ time, page, text }) => `${seconds(time)}  ${page ? `page ${page}: ` : ''}${text}`)

/** All about a promise that was broken. */
export const describeBreak = (seed, { traits, actions }, notes, broken) =>
  [
    `Seed ${seed} breaks a promise: ${broken.promise}.`,
    `${broken.detail}, ${(broken.time / 1_000).toFixed(3)} s after the beginning.`,
    `World: ${JSON.stringify(traits)}`,
    'Shortest history (s):',
    ...actions.map(describeAction),
    'What happened:',
    ...describeNotes(notes, broken),
  ].join('\n')

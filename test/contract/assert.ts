/** Both as JSON: records come out of a database as other objects than they went in. */
export const equal = (actual: unknown, expected: unknown, hint = ''): void => {
  const [one, other] = [actual, expected].map(value => JSON.stringify(value))
  if (one !== other) throw new Error(`${hint ? `${hint}: ` : ''}${one} is not ${other}`)
}

export const ok = (value: unknown, hint = 'it is not so'): void => {
  if (!value) throw new Error(hint)
}

/** Waits until the condition holds. */
export const until = async (condition: () => unknown, timeoutMs = 5_000): Promise<void> => {
  for (const end = performance.now() + timeoutMs; !(await condition()); ) {
    if (performance.now() > end) throw new Error(`Not within ${timeoutMs} ms: ${condition}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/** What `act` answers, or `undefined` where it throws: for what a page or a browser may have taken away, or replaced. */
export const attempt = <T>(act: () => T): T | undefined => {
  try {
    return act()
  } catch (_) {
    return undefined
  }
}

import { rest } from '../support/main-thread.mjs'
import { trace } from '../support/trace.mjs'

/**
 * What loading a page costs its main thread, on a first visit and on a later one: in ms of CPU time, evaluating its script
 * and all tasks together; and in ms, the call of `init`.
 * @param {import('../support/stage.mjs').Stage} stage
 * @param {'tag' | 'bare'} kind `tag` has `pw.js` and calls `init`, `bare` has an empty script
 */
export async function measureLoad({ browser, origin }, kind) {
  const context = await browser.fresh()
  try {
    const costs = {}
    for (const visit of ['first', 'later']) {
      // From another page of the site, so that the process is there already, and is traced.
      const page = await context.open(`${origin}/nothing`)
      const { events, tasks } = await trace(page, async () => {
        await page.goto(`${origin}/${kind}`)
        await rest(page)
      })
      const evaluated = events.filter(
        ({ name, args }) => name === 'EvaluateScript' && /(pw|empty)\.js$/.test(args.data?.url),
      )
      costs[visit] = {
        evaluate: cpu(evaluated),
        whole: cpu(tasks),
        ...(kind === 'tag' && { init: await page.evaluate('initTook') }),
      }
      await page.close()
    }
    return costs
  } finally {
    await context.close()
  }
}

const cpu = events => events.reduce((sum, { tdur }) => sum + tdur, 0) / 1000

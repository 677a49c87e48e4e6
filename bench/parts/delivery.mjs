import { launch } from '../../test/support/engine.mjs'
import { measureDelivery, SCENARIOS } from '../measure/delivery.mjs'
import { loadTags } from '../peers/tags.mjs'
import { table } from '../support/rows.mjs'

/** What becomes of events when pages are left, by the tag and by its peers. */
export const delivery = {
  title: 'Delivery',
  async run(visitors) {
    const tags = await loadTags()
    const results = []
    for (const tag of tags) {
      // A browser each: none inherits what another has left running.
      const browser = await launch('chromium')
      const counts = {}
      try {
        for (const batch of batches(Object.keys(SCENARIOS))) {
          const measured = batch
            .filter(name => tag.hasStub || !SCENARIOS[name].slow)
            .map(async name => {
              counts[name] = await measureDelivery(browser, tag, SCENARIOS[name], visitors)
            })
          await Promise.all(measured)
        }
      } finally {
        await browser.kill()
      }
      results.push({ name: tag.name, counts })
      console.log(`${tag.name}: ${JSON.stringify(counts)}`)
    }
    return results
  },
  text: results =>
    table(
      ['', ...Object.values(SCENARIOS).map(({ title }) => title)],
      results.map(({ name, counts }) => [
        name,
        ...Object.keys(SCENARIOS).map(scenario => cell(counts[scenario])),
      ]),
    ),
}

/** So many scenarios at a time: they mostly wait. */
const AT_A_TIME = 4

const batches = list =>
  Array.from({ length: Math.ceil(list.length / AT_A_TIME) }, (_, i) =>
    list.slice(i * AT_A_TIME, (i + 1) * AT_A_TIME),
  )

function cell(counts) {
  if (!counts) return 'no stub'
  const { called, lost, doubled } = counts
  if (!lost && !doubled) return `all ${called}`
  const parts = [lost && `${lost} lost`, doubled && `${doubled} doubled`].filter(Boolean)
  return `${parts.join(', ')} of ${called}`
}

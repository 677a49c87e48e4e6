import { Random } from '../simulation/random.mjs'

const KINDS = { good: 5, slow: 3, refuses: 1, fails: 1, hangs: 1, loses: 1, flaky: 1 }

const DOWN = 'pw-tag.down'

/** Lets the API misbehave, and tells the ledger when it does. */
export class Weather {
  constructor({ api, random, ledger }) {
    Object.assign(this, { api, random, ledger })
  }

  async change(kind = this.random.weighted(KINDS)) {
    const { api, random, ledger } = this
    ledger.note(`the API ${kind === 'good' || kind === 'slow' ? 'is ' : ''}${kind}`)
    // Cuts what hangs: an engine may send no more than six requests at a time to one host.
    if (this.kind === 'hangs') await api.stop()
    if (kind === 'refuses') await api.stop()
    else await api.listen()
    this.kind = kind
    const chance = new Random(random.seed())
    api.behave(
      {
        slow: { delayMs: Math.round(random.between(50, 1_200)) },
        fails: { status: 503 },
        hangs: { hang: true },
        loses: { lose: true },
        flaky: () => (chance.chance(0.3) ? { status: 503 } : { delayMs: chance.below(100) }),
      }[kind],
    )
    ledger.recover()
    if (kind !== 'good' && kind !== 'slow') ledger.fail(kind)
  }

  /** Looks whether the pages have noticed by now that the API fails. */
  async look(page) {
    const { spell } = this.ledger
    if (!spell || spell.knownAt || spell.kind === 'flaky') return
    if (await page.evaluate(key => key in localStorage, DOWN)) {
      spell.knownAt = Date.now()
      this.ledger.note('the pages have noticed')
    }
  }
}

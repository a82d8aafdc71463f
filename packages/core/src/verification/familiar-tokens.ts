import { BoundedMap } from '../internal/bounded-map.js'
import type { Priority } from '../provider/request-queue.js'
import type { BearerToken } from '../request/bearer-token.js'

/** ZITADEL makes a few kinds of tokens, and a lifetime of upgrades a few more. */
const maxShapes = 100

/**
 * Knows which tokens were good before, and what good tokens look like. In a flood those go first: a stranger who makes tokens up
 * has to find out first what one looks like, and never has one that was good.
 */
export class FamiliarTokens {
  readonly #good: BoundedMap<true>
  readonly #shapes = new BoundedMap<true>({ maxEntries: maxShapes })

  /** @param maxEntries - how many tokens are remembered */
  constructor(maxEntries: number) {
    this.#good = new BoundedMap({ maxEntries })
  }

  /** Tells whether a token was good before. */
  has(key: string): boolean {
    return this.#good.get(key) === true
  }

  /** Remembers a good token. */
  add(key: string, token: BearerToken): void {
    if (this.#good.get(key) === undefined) this.#good.set(key, true)
    const shape = toShape(token)
    if (this.#shapes.get(shape) === undefined) this.#shapes.set(shape, true)
  }

  /** Forgets a token that is not good any more. */
  delete(key: string): void {
    this.#good.delete(key)
  }

  /** Says when it is the turn of a token. */
  toPriority(key: string, token: BearerToken): Priority {
    if (this.has(key)) return 'known'
    return this.#shapes.get(toShape(token)) === undefined ? 'new' : 'likely'
  }
}

/** So many characters of a header that is the same in all tokens of a kind. */
const headerLength = 16

/** Tokens of a kind differ in length by what is encrypted or signed in them. */
const lengthStep = 64

/** The number of segments, roughly the length, and the beginning where that is a JSON header. */
function toShape(token: BearerToken): string {
  const segments = token.split('.').length
  const header = token.startsWith('eyJ') ? token.slice(0, headerLength) : ''
  return `${segments}/${Math.ceil(token.length / lengthStep)}/${header}`
}

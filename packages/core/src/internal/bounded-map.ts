interface Entry<Value> {
  value: Value
  /** Since the hand has last passed it. */
  isUsed: boolean
}

/**
 * A map that holds so many entries at the most. When it is full a hand goes from old entries to new ones and takes out
 * the first that was not used since it last came by. A flood of keys that are used once so takes out itself, where the
 * order of last use would take out everything else, and a look-up moves nothing.
 *
 * @see [SIEVE is simpler than LRU (NSDI 2024)](https://www.usenix.org/conference/nsdi24/presentation/zhang-yazhuo)
 */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #maxEntries: number
  readonly #onEvict: () => void
  #hand: Iterator<[string, Entry<Value>], undefined> | undefined

  /**
   * @param maxEntries - how many entries there can be, 1 or more
   * @param onEvict - hears of each that made room for another
   */
  constructor(maxEntries: number, onEvict: () => void) {
    this.#maxEntries = maxEntries
    this.#onEvict = onEvict
  }

  /** Gives a value, which counts as use. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.isUsed = true
    return entry?.value
  }

  /** Adds a value, or replaces the one that is there. */
  set(key: string, value: Value): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.value = value
    else {
      if (this.#entries.size >= this.#maxEntries) this.#evict()
      this.#entries.set(key, { value, isUsed: false })
    }
  }

  /** Takes out one value. */
  delete(key: string): void {
    // An iterator keeps every table that its map has had since its last step: the hand must not wait while entries come and go.
    if (this.#entries.delete(key)) this.#hand = undefined
  }

  /** Takes out all values that are meant. */
  deleteWhere(isMeant: (value: Value, key: string) => boolean): void {
    for (const [key, { value }] of this.#entries) if (isMeant(value, key)) this.delete(key)
  }

  #evict(): void {
    let next = this.#look()
    while (next === undefined || next[1].isUsed) {
      if (next !== undefined) next[1].isUsed = false
      next = this.#look()
    }
    this.#entries.delete(next[0])
    this.#onEvict()
  }

  /** Gives the entry under the hand, or undefined at the end, after which comes the oldest again. */
  #look(): readonly [string, Entry<Value>] | undefined {
    this.#hand ??= this.#entries.entries()
    const { value } = this.#hand.next()
    if (value === undefined) this.#hand = undefined
    return value
  }
}

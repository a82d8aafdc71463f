interface Entry<Value> {
  readonly key: string
  value: Value
  weight: number
  /** Since the hand has last passed it. */
  isUsed: boolean
  older: Entry<Value> | undefined
  newer: Entry<Value> | undefined
}

/** What a {@link BoundedMap} holds at the most, and who hears of what it does about it. */
export interface Bounds<Value> {
  readonly maxEntries: number
  /** How much all values together may weigh. Default: anything. */
  readonly maxWeight?: number
  /** What a value weighs. Default: nothing. */
  readonly weigh?: (value: Value) => number
  /** Tells whether a value is of no use any more; it then goes before any other. Default: none ever is. */
  readonly isExpired?: (value: Value) => boolean
  /** Hears of each value that made room for another, and was still of use. */
  readonly onEvict?: () => void
}

/** So many of the oldest entries are looked at whenever a new one comes, so that the expired ones go without a timer. */
const sweptAtOnce = 2

/**
 * A map that holds so much at the most. When it is full a hand goes from old entries to new ones and takes out
 * the first that was not used since it last came by. A flood of keys that are used once so takes out itself, where the
 * order of last use would take out everything else, and a lookup moves nothing.
 *
 * @see [SIEVE is simpler than LRU (NSDI 2024)](https://www.usenix.org/conference/nsdi24/presentation/zhang-yazhuo)
 */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #bounds: Required<Bounds<Value>>
  #oldest: Entry<Value> | undefined
  #newest: Entry<Value> | undefined
  /** The entry that is looked at next for room; undefined is the oldest. */
  #hand: Entry<Value> | undefined
  /** The entry that is looked at next for expiry; undefined is the oldest. */
  #broom: Entry<Value> | undefined
  #weight = 0

  constructor({
    maxEntries,
    maxWeight = Number.POSITIVE_INFINITY,
    weigh = () => 0,
    isExpired = () => false,
    onEvict = () => {},
  }: Bounds<Value>) {
    this.#bounds = { maxEntries, maxWeight, weigh, isExpired, onEvict }
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.size
  }

  /** Gives a value, which counts as use. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    if (entry !== undefined) entry.isUsed = true
    return entry?.value
  }

  /** Adds a value as the newest, in the place of the one that is there. One that weighs more than all may is not kept. */
  set(key: string, value: Value): void {
    const weight = this.#bounds.weigh(value)
    const isUsed = this.#entries.get(key)?.isUsed ?? false
    this.delete(key)
    if (weight <= this.#bounds.maxWeight) this.#add({ key, value, weight, isUsed, older: undefined, newer: undefined })
    this.#sweep()
  }

  /** Takes out one value. */
  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#remove(entry)
  }

  /** Takes out all values that are meant. */
  deleteWhere(isMeant: (value: Value, key: string) => boolean): void {
    for (const entry of this.#entries.values()) if (isMeant(entry.value, entry.key)) this.#remove(entry)
  }

  #add(entry: Entry<Value>): void {
    const { maxEntries, maxWeight } = this.#bounds
    while (this.#entries.size >= maxEntries || this.#weight + entry.weight > maxWeight) this.#evict()
    this.#entries.set(entry.key, entry)
    this.#weight += entry.weight
    entry.older = this.#newest
    if (this.#newest === undefined) this.#oldest = entry
    else this.#newest.newer = entry
    this.#newest = entry
  }

  #evict(): void {
    let entry = this.#hand ?? (this.#oldest as Entry<Value>)
    while (entry.isUsed && !this.#bounds.isExpired(entry.value)) {
      entry.isUsed = false
      entry = entry.newer ?? (this.#oldest as Entry<Value>)
    }
    // Where it points to the entry that goes, removing it moves it on.
    this.#hand = entry
    if (!this.#bounds.isExpired(entry.value)) this.#bounds.onEvict()
    this.#remove(entry)
  }

  #sweep(): void {
    for (let looked = 0; looked < sweptAtOnce; looked += 1) {
      const entry = this.#broom ?? this.#oldest
      this.#broom = entry?.newer
      if (entry !== undefined && this.#bounds.isExpired(entry.value)) this.#remove(entry)
    }
  }

  #remove(entry: Entry<Value>): void {
    const { older, newer } = entry
    this.#entries.delete(entry.key)
    this.#weight -= entry.weight
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    // Both go on where they were; a hand that was lost would begin with the oldest again, and take out what is in use.
    if (this.#hand === entry) this.#hand = newer
    if (this.#broom === entry) this.#broom = newer
  }
}

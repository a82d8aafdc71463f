/** What ZITADEL says of a token: in the model, and in the fake that the cache asks. */
export type Verdict =
  | { readonly kind: 'down' }
  | { readonly kind: 'inactive' }
  | {
      readonly kind: 'active'
      readonly tag: number
      readonly userId: string
      readonly expiresAtSeconds: number | undefined
    }

/** How a look-up ends: the tag of the answer that was used, the code of the error, or that there is nothing to say. */
export type Ending = number | 'ERR_TOKEN_INVALID' | 'ERR_PROVIDER_UNAVAILABLE' | undefined

type Active = Extract<Verdict, { kind: 'active' }>

interface Remembered {
  readonly token: string
  readonly verdict: Active
  readonly renewAtMs: number
  readonly freshUntilMs: number
  readonly staleUntilMs: number
  isUsed: boolean
}

/** What is left of the five extra questions about a token, of which one comes back each second. */
interface Budget {
  left: number
  atMs: number
  isLastUnanswered: boolean
}

/** The numbers of a cache, in milliseconds. */
export interface CacheModelSettings {
  readonly ttlMs: number
  readonly staleMs: number
  readonly maxEntries: number
}

/**
 * What the cache promises, in the plainest way to write it down: a list, the oldest entry first, and two places in it. It
 * knows nothing of promises, digests or maps.
 */
export class CacheModel {
  readonly verdicts = new Map<string, Verdict>()
  /** What the clock on the wall says, which somebody may set. */
  nowMs: number
  /** The time that has passed. */
  elapsedMs = 0
  asked = 0
  evicted = 0
  #entries: Remembered[] = []
  readonly #budgets = new Map<string, Budget>()
  /** Where the search for an entry that makes room goes on. */
  #hand: Remembered | undefined
  /** Where the search for expired entries goes on. */
  #broom: Remembered | undefined
  readonly #settings: CacheModelSettings

  constructor(settings: CacheModelSettings, nowMs: number) {
    this.#settings = settings
    this.nowMs = nowMs
  }

  get size(): number {
    return this.#entries.length
  }

  verify(token: string): Ending {
    const known = this.#use(token)
    if (known && this.#isGood(known, known.freshUntilMs)) {
      if (this.elapsedMs >= known.renewAtMs) this.#ask(token)
      return known.verdict.tag
    }
    const ending = this.#ask(token)
    if (ending !== 'ERR_PROVIDER_UNAVAILABLE') return ending
    const stale = this.#use(token)
    return stale && this.#isGood(stale, stale.staleUntilMs) ? stale.verdict.tag : ending
  }

  verifyAgain(token: string): Ending {
    const budget = this.#budgets.get(token) ?? { left: 5, atMs: this.elapsedMs, isLastUnanswered: false }
    const left = Math.min(5, budget.left + (this.elapsedMs - budget.atMs) / 1_000)
    if (left >= 1) {
      const ending = this.#ask(token)
      const isLastUnanswered = ending === 'ERR_PROVIDER_UNAVAILABLE'
      this.#budgets.set(token, { left: left - 1, atMs: this.elapsedMs, isLastUnanswered })
      return ending
    }
    if (budget.isLastUnanswered) return 'ERR_PROVIDER_UNAVAILABLE'
    const known = this.#use(token)
    return known && this.#isGood(known, known.freshUntilMs) ? known.verdict.tag : undefined
  }

  forget(isMeant: (entry: { readonly token: string; readonly userId: string }) => boolean): void {
    for (const entry of this.#entries) {
      if (isMeant({ token: entry.token, userId: entry.verdict.userId })) this.#remove(entry)
    }
  }

  #isGood({ verdict }: Remembered, untilMs: number): boolean {
    return this.elapsedMs < untilMs && !this.#isExpired(verdict)
  }

  #isExpired({ expiresAtSeconds = Infinity }: Active): boolean {
    return expiresAtSeconds * 1_000 <= this.nowMs
  }

  #isOfUse(entry: Remembered): boolean {
    return this.#isGood(entry, entry.staleUntilMs)
  }

  /** Finds an entry, which has been used from now on. */
  #use(token: string): Remembered | undefined {
    const entry = this.#find(token)
    if (entry) entry.isUsed = true
    return entry
  }

  #find(token: string): Remembered | undefined {
    return this.#entries.find((each) => each.token === token)
  }

  #ask(token: string): Ending {
    this.asked += 1
    const verdict = this.verdicts.get(token) ?? { kind: 'inactive' }
    if (verdict.kind === 'down') return 'ERR_PROVIDER_UNAVAILABLE'
    if (verdict.kind === 'inactive' || this.#isExpired(verdict)) {
      this.#drop(token)
      return 'ERR_TOKEN_INVALID'
    }
    if (verdict.expiresAtSeconds === undefined) this.#drop(token)
    else this.#remember(token, verdict)
    return verdict.tag
  }

  #remember(token: string, verdict: Active): void {
    const { ttlMs, staleMs, maxEntries } = this.#settings
    const isUsed = this.#find(token)?.isUsed ?? false
    this.#drop(token)
    if (this.#entries.length === maxEntries) this.#makeRoom()
    const renewAtMs = this.elapsedMs + ttlMs * 0.8
    const freshUntilMs = this.elapsedMs + ttlMs
    this.#entries.push({ token, verdict, renewAtMs, freshUntilMs, staleUntilMs: freshUntilMs + staleMs, isUsed })
    this.#sweep()
    this.#sweep()
  }

  /** Goes on from entry to entry, round and round, and takes out the first that was not used since it last came by. */
  #makeRoom(): void {
    let entry = this.#hand ?? (this.#entries[0] as Remembered)
    while (entry.isUsed && this.#isOfUse(entry)) {
      entry.isUsed = false
      entry = this.#newer(entry) ?? (this.#entries[0] as Remembered)
    }
    this.#hand = entry
    if (this.#isOfUse(entry)) this.evicted += 1
    this.#remove(entry)
  }

  /** Looks at one entry, and takes it out if nobody can use it any more. */
  #sweep(): void {
    const entry = this.#broom ?? (this.#entries[0] as Remembered)
    this.#broom = this.#newer(entry)
    if (!this.#isOfUse(entry)) this.#remove(entry)
  }

  #newer(entry: Remembered): Remembered | undefined {
    return this.#entries[this.#entries.indexOf(entry) + 1]
  }

  #drop(token: string): void {
    const entry = this.#find(token)
    if (entry) this.#remove(entry)
  }

  #remove(entry: Remembered): void {
    const next = this.#newer(entry)
    if (this.#hand === entry) this.#hand = next
    if (this.#broom === entry) this.#broom = next
    this.#entries = this.#entries.filter((each) => each !== entry)
  }
}

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
  readonly askedAtMs: number
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
 * What the cache promises, in the plainest way to write it down: a list, the oldest entry first, and a place in it. It
 * knows nothing of promises, digests or maps.
 */
export class CacheModel {
  readonly verdicts = new Map<string, Verdict>()
  nowMs: number
  asked = 0
  evicted = 0
  #entries: Remembered[] = []
  readonly #budgets = new Map<string, Budget>()
  /** Where the search for an entry that makes room goes on. */
  #hand = 0
  readonly #settings: CacheModelSettings

  constructor(settings: CacheModelSettings, nowMs: number) {
    this.#settings = settings
    this.nowMs = nowMs
  }

  get size(): number {
    return this.#entries.length
  }

  verify(token: string): Ending {
    const fresh = this.#use(token)
    if (fresh && this.#isIn(fresh, fresh.freshUntilMs)) return fresh.verdict.tag
    const ending = this.#ask(token)
    if (ending !== 'ERR_PROVIDER_UNAVAILABLE') return ending
    const stale = this.#use(token)
    return stale && this.#isIn(stale, stale.staleUntilMs) ? stale.verdict.tag : ending
  }

  verifyAgain(token: string): Ending {
    const budget = this.#budgets.get(token) ?? { left: 5, atMs: this.nowMs, isLastUnanswered: false }
    const left = Math.min(5, budget.left + Math.max(0, this.nowMs - budget.atMs) / 1_000)
    if (left >= 1) {
      const ending = this.#ask(token)
      const isLastUnanswered = ending === 'ERR_PROVIDER_UNAVAILABLE'
      this.#budgets.set(token, { left: left - 1, atMs: this.nowMs, isLastUnanswered })
      return ending
    }
    if (budget.isLastUnanswered) return 'ERR_PROVIDER_UNAVAILABLE'
    const known = this.#use(token)
    return known && this.#isIn(known, known.freshUntilMs) ? known.verdict.tag : undefined
  }

  forget(isMeant: (entry: { readonly token: string; readonly userId: string }) => boolean): void {
    const kept = this.#entries.filter(({ token, verdict }) => !isMeant({ token, userId: verdict.userId }))
    if (kept.length < this.#entries.length) this.#hand = 0
    this.#entries = kept
  }

  #isIn({ askedAtMs }: Remembered, untilMs: number): boolean {
    return askedAtMs <= this.nowMs && this.nowMs < untilMs
  }

  /** Finds an entry, which has been used from now on. */
  #use(token: string): Remembered | undefined {
    const entry = this.#entries.find((each) => each.token === token)
    if (entry) entry.isUsed = true
    return entry
  }

  #ask(token: string): Ending {
    this.asked += 1
    const verdict = this.verdicts.get(token) ?? { kind: 'inactive' }
    if (verdict.kind === 'down') return 'ERR_PROVIDER_UNAVAILABLE'
    const expiresAtMs = verdict.kind === 'active' ? (verdict.expiresAtSeconds ?? Infinity) * 1_000 : 0
    if (verdict.kind === 'inactive' || expiresAtMs <= this.nowMs) {
      this.forget((entry) => entry.token === token)
      return 'ERR_TOKEN_INVALID'
    }
    if (expiresAtMs < Infinity) this.#remember(token, verdict, expiresAtMs)
    else this.forget((entry) => entry.token === token)
    return verdict.tag
  }

  #remember(token: string, verdict: Active, expiresAtMs: number): void {
    const { ttlMs, staleMs, maxEntries } = this.#settings
    const askedAtMs = this.nowMs
    const freshUntilMs = Math.min(askedAtMs + ttlMs, expiresAtMs)
    const staleUntilMs = Math.min(askedAtMs + ttlMs + staleMs, expiresAtMs)
    const known = this.#entries.find((each) => each.token === token)
    if (!known && this.#entries.length === maxEntries) this.#makeRoom()
    const isUsed = known?.isUsed ?? false
    const remembered = { token, verdict, askedAtMs, freshUntilMs, staleUntilMs, isUsed }
    if (known) this.#entries = this.#entries.map((each) => (each === known ? remembered : each))
    else this.#entries.push(remembered)
  }

  /** Goes on from entry to entry, round and round, and takes out the first that was not used since it last came by. */
  #makeRoom(): void {
    for (;;) {
      const entry = this.#entries[this.#hand]
      if (entry?.isUsed) {
        entry.isUsed = false
        this.#hand += 1
      } else if (entry) {
        this.#entries.splice(this.#hand, 1)
        this.evicted += 1
        return
      } else this.#hand = 0
    }
  }
}

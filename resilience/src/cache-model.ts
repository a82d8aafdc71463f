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

/** How a look-up ends: the tag of the answer that was used, or the code of the error. */
export type Ending = number | 'ERR_TOKEN_INVALID' | 'ERR_PROVIDER_UNAVAILABLE'

type Active = Extract<Verdict, { kind: 'active' }>

interface Remembered {
  readonly token: string
  readonly verdict: Active
  readonly askedAtMs: number
  readonly freshUntilMs: number
  readonly staleUntilMs: number
  askedAgainAtMs: number
}

/** The numbers of a cache, in milliseconds. */
export interface CacheModelSettings {
  readonly ttlMs: number
  readonly staleMs: number
  readonly maxEntries: number
}

/**
 * What the cache promises, in the plainest way to write it down: a list, the least recently used entry first. It knows
 * nothing of promises, digests or maps.
 */
export class CacheModel {
  readonly verdicts = new Map<string, Verdict>()
  nowMs: number
  asked = 0
  evicted = 0
  #entries: Remembered[] = []
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
    const ending = this.#ask(token, Number.NEGATIVE_INFINITY)
    if (ending !== 'ERR_PROVIDER_UNAVAILABLE') return ending
    const stale = this.#use(token)
    return stale && this.#isIn(stale, stale.staleUntilMs) ? stale.verdict.tag : ending
  }

  verifyAgain(token: string): Ending {
    const known = this.#use(token)
    const fresh = known && this.#isIn(known, known.freshUntilMs) ? known : undefined
    if (fresh) {
      this.nowMs = Math.max(this.nowMs, fresh.askedAgainAtMs + 1_000)
      fresh.askedAgainAtMs = this.nowMs
    }
    return this.#ask(token, this.nowMs)
  }

  forget(isMeant: (entry: { readonly token: string; readonly userId: string }) => boolean): void {
    this.#entries = this.#entries.filter(({ token, verdict }) => !isMeant({ token, userId: verdict.userId }))
  }

  #isIn({ askedAtMs }: Remembered, untilMs: number): boolean {
    return askedAtMs <= this.nowMs && this.nowMs < untilMs
  }

  /** Finds an entry, which is the most recently used one from now on. */
  #use(token: string): Remembered | undefined {
    const entry = this.#entries.find((each) => each.token === token)
    if (entry) this.#entries = [...this.#entries.filter((each) => each !== entry), entry]
    return entry
  }

  #ask(token: string, askedAgainAtMs: number): Ending {
    this.asked += 1
    const verdict = this.verdicts.get(token) ?? { kind: 'inactive' }
    if (verdict.kind === 'down') return 'ERR_PROVIDER_UNAVAILABLE'
    const expiresAtMs = verdict.kind === 'active' ? (verdict.expiresAtSeconds ?? Infinity) * 1_000 : 0
    if (verdict.kind === 'inactive' || expiresAtMs <= this.nowMs) {
      this.forget((entry) => entry.token === token)
      return 'ERR_TOKEN_INVALID'
    }
    if (expiresAtMs < Infinity) this.#remember(token, verdict, expiresAtMs, askedAgainAtMs)
    return verdict.tag
  }

  #remember(token: string, verdict: Active, expiresAtMs: number, askedAgainAtMs: number): void {
    const { ttlMs, staleMs, maxEntries } = this.#settings
    const askedAtMs = this.nowMs
    const freshUntilMs = Math.min(askedAtMs + ttlMs, expiresAtMs)
    const staleUntilMs = Math.min(askedAtMs + ttlMs + staleMs, expiresAtMs)
    const others = this.#entries.filter((each) => each.token !== token)
    const kept = others.slice(-(maxEntries - 1))
    this.evicted += others.length - kept.length
    this.#entries = [...kept, { token, verdict, askedAtMs, freshUntilMs, staleUntilMs, askedAgainAtMs }]
  }
}

import type { CacheWorld, Facts, Mode, Target } from './cache-world.js'
import { MarksModel } from './marks-model.js'

/** How a look-up ends: the tag of the answer that was used, the code of the error, or that there is nothing to say. */
export type Ending = number | 'ERR_TOKEN_INVALID' | 'ERR_PROVIDER_UNAVAILABLE' | undefined

interface Remembered {
  readonly token: string
  readonly facts: Facts
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

/** The numbers of a cache. */
export interface CacheModelSettings {
  readonly mode: Mode
  readonly ttlMs: number
  readonly staleMs: number
  readonly maxEntries: number
  readonly maxBytes: number
  readonly maxJwtLifetimeMs: number
}

/**
 * What the cache promises, in the plainest way to write it down: a list, the oldest entry first, and two places in it. It
 * knows nothing of promises, digests or maps.
 */
export class CacheModel {
  readonly world: CacheWorld
  readonly marks: MarksModel
  asked = 0
  evicted = 0
  #entries: Remembered[] = []
  readonly #budgets = new Map<string, Budget>()
  /** Where the search for an entry that makes room goes on. */
  #hand: Remembered | undefined
  /** Where the search for expired entries goes on. */
  #broom: Remembered | undefined
  readonly #settings: CacheModelSettings

  constructor(settings: CacheModelSettings, world: CacheWorld) {
    this.#settings = settings
    this.world = world
    this.marks = new MarksModel(world, settings.maxJwtLifetimeMs)
  }

  /** @param meanwhile - what is forgotten before there is an answer: from then on an older one is not believed */
  verify(name: string, meanwhile?: Target): Ending {
    const known = this.#useFresh(name)
    const isAging = known !== undefined && this.world.elapsedMs >= known.renewAtMs
    if (meanwhile !== undefined) this.forget(meanwhile)
    const ending = known === undefined || isAging ? this.#ask(name, 'any', meanwhile === undefined) : undefined
    if (known !== undefined) return known.facts.tag
    if (ending !== 'ERR_PROVIDER_UNAVAILABLE') return ending
    const stale = this.#use(name)
    return stale && this.#isGood(stale, stale.staleUntilMs) ? stale.facts.tag : ending
  }

  verifyAgain(name: string): Ending {
    const { elapsedMs } = this.world
    const token = this.world.toToken(name)
    const budget = this.#budgets.get(token) ?? { left: 5, atMs: elapsedMs, isLastUnanswered: false }
    const left = Math.min(5, budget.left + (elapsedMs - budget.atMs) / 1_000)
    if (left >= 1) {
      const ending = this.#ask(name, this.#settings.mode === 'jwt' ? 'any' : 'of ZITADEL')
      const isLastUnanswered = ending === 'ERR_PROVIDER_UNAVAILABLE'
      this.#budgets.set(token, { left: left - 1, atMs: elapsedMs, isLastUnanswered })
      return ending
    }
    if (budget.isLastUnanswered) return 'ERR_PROVIDER_UNAVAILABLE'
    return this.#useFresh(name)?.facts.tag
  }

  forget(target: Target): void {
    if (target === 'all') this.marks.addAll()
    else this.marks.add(JSON.stringify(target), (jwt) => isAbout(target, jwt.token, jwt))
    for (const entry of this.#entries) if (isAbout(target, entry.token, entry.facts)) this.#remove(entry)
  }

  /** Tells whether it is promised what becomes of a token. */
  isSureOf(name: string): boolean {
    const jwt = this.world.jwts.get(name)
    return jwt === undefined || this.marks.cover(jwt) !== 'perhaps'
  }

  #isGood({ facts }: Remembered, untilMs: number): boolean {
    return this.world.elapsedMs < untilMs && !this.#isExpired(facts)
  }

  #isExpired({ expiresAtSeconds = Infinity }: Facts): boolean {
    return expiresAtSeconds * 1_000 <= this.world.nowMs
  }

  #isOfUse(entry: Remembered): boolean {
    return this.#isGood(entry, entry.staleUntilMs)
  }

  /** Finds an entry, which has been used from now on. */
  #use(name: string): Remembered | undefined {
    const entry = this.#find(this.world.toToken(name))
    if (entry) entry.isUsed = true
    return entry
  }

  #useFresh(name: string): Remembered | undefined {
    const entry = this.#use(name)
    return entry && this.#isGood(entry, entry.freshUntilMs) ? entry : undefined
  }

  #find(token: string): Remembered | undefined {
    return this.#entries.find((each) => each.token === token)
  }

  /** Finds out about a token: a signature that nobody has revoked is enough, where any answer will do. */
  #ask(name: string, answer: 'any' | 'of ZITADEL', isKept = true): Ending {
    const jwt = this.world.jwts.get(name)
    const isBelieved = jwt !== undefined && answer === 'any' && this.marks.cover(jwt) === false
    const token = this.world.toToken(name)
    if (isBelieved) return this.#take(token, jwt, isKept ? Infinity : 'nothing')
    const keptMs = isKept ? this.#settings.ttlMs : 'nothing'
    if (this.#settings.mode === 'jwt') return this.#take(token, undefined, keptMs)
    this.asked += 1
    const verdict = this.world.verdicts.get(name) ?? { kind: 'inactive' }
    if (verdict.kind === 'down') return 'ERR_PROVIDER_UNAVAILABLE'
    return this.#take(token, verdict.kind === 'active' ? verdict : undefined, keptMs)
  }

  /** Takes what is said of a token, and forgets what was said before; undefined says that it is not good. */
  #take(token: string, facts: Facts | undefined, keptMs: number | 'nothing'): Ending {
    const isGood = facts !== undefined && !this.#isExpired(facts)
    if (keptMs !== 'nothing') {
      if (isGood && facts.expiresAtSeconds !== undefined) this.#remember(token, facts, keptMs)
      else this.#drop(token)
    }
    return isGood ? facts.tag : 'ERR_TOKEN_INVALID'
  }

  #remember(token: string, facts: Facts, reuseMs: number): void {
    const { staleMs, maxBytes } = this.#settings
    const { elapsedMs } = this.world
    const isUsed = this.#find(token)?.isUsed ?? false
    this.#drop(token)
    const freshUntilMs = elapsedMs + reuseMs
    const times = { renewAtMs: elapsedMs + reuseMs * 0.8, freshUntilMs, staleUntilMs: freshUntilMs + staleMs }
    if (facts.bytes <= maxBytes) {
      while (!this.#hasRoomFor(facts)) this.#makeRoom()
      this.#entries.push({ token, facts, ...times, isUsed })
    }
    this.#sweep()
    this.#sweep()
  }

  #hasRoomFor({ bytes }: Facts): boolean {
    const taken = this.#entries.reduce((sum, { facts }) => sum + facts.bytes, 0)
    return this.#entries.length < this.#settings.maxEntries && taken + bytes <= this.#settings.maxBytes
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

  /** Looks at one entry, if there is one, and takes it out if nobody can use it any more. */
  #sweep(): void {
    const entry = this.#broom ?? this.#entries[0]
    if (entry === undefined) return
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

function isAbout(target: Target, token: string, { userId, tokenId }: Facts): boolean {
  if (target === 'all') return true
  const said = { token, userId, tokenId, sessionId: tokenId?.split('-at_')[0] }
  return Object.entries(target).every(([member, value]) => said[member as keyof typeof said] === value)
}

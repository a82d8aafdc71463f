import { AuthorizationError, copyAuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'
import type { Publish } from '../internal/diagnostics.js'
import { createMoments } from '../internal/moments.js'
import { createSingleFlight, type SingleFlight } from '../internal/single-flight.js'
import { TokenBucket } from '../internal/token-bucket.js'
import { readMaxAgeSeconds } from './cache-control.js'
import type { Discover } from './discovery.js'
import type { FetchJson } from './fetch-json.js'
import { readKeySet, type VerificationKey } from './json-web-key.js'
import type { SignatureAlgorithm } from './signature-algorithm.js'

/** ZITADEL's public keys. */
export interface KeySet {
  /**
   * Finds the key that a token names; undefined when ZITADEL does not have it, by keys that were fetched after the call.
   *
   * @throws `AuthorizationError`: one that {@link isKeyUnknown} knows, when too many unknown keys have been asked for
   */
  find(keyId: string, algorithm: SignatureAlgorithm): Promise<VerificationKey | undefined>
  /** Tells whether a key is still one that may be trusted. Renews old keys meanwhile. */
  isPublished(key: VerificationKey): boolean
  /** Resolves when there are keys to find something in. */
  ready(): Promise<void>
}

/** ZITADEL says 300 seconds; a key that it deletes stops being trusted after at most an hour whatever it says. */
const maxAgeBounds = { min: 30, max: 3_600, fallback: 300 }

/** For how long keys serve beyond their age while ZITADEL does not answer. */
const staleIfErrorMs = 60 * 60 * 1_000

/** A key id that nobody knows may be a new key or a stranger's invention: three fetches at once, and one more after each such time. */
const unknownIds = { burst: 3, refillMs: 10_000 }

const firstBackoffMs = 1_000
const longestBackoffMs = 60_000

/** What {@link createKeySet} takes. */
export interface KeySetOptions {
  readonly discover: Discover<'jwksUri'>
  readonly fetchJson: FetchJson
  /** Sent with every question. */
  readonly headers: Readonly<Record<string, string>>
  readonly clock: Clock
  /** Hears when the keys are others than before. */
  readonly publish: Publish
  /** For how long a question that many wait for may take. Default: for ever. */
  readonly maxFlightMs?: number
  /** Keys to start with, without a question. */
  readonly initial: readonly VerificationKey[] | undefined
}

/** Errors that say that nobody knows whether there is such a key, and ZITADEL must not be asked for it now. */
const unknownKeys = new WeakSet<AuthorizationError>()

/** Tells whether it is not known whether ZITADEL has a key. */
export function isKeyUnknown(error: unknown): boolean {
  return isAuthorizationError(error) && unknownKeys.has(error)
}

/**
 * Makes the {@link KeySet} of a ZITADEL. The keys are fetched when they are first needed and again when they
 * are old, once for all callers. After a failure there is no fetch until its backoff has passed, and the keys that were good
 * serve on for an hour.
 *
 * @returns a set whose functions throw `ERR_PROVIDER_UNAVAILABLE` when ZITADEL can't be asked, and what `discover` throws
 */
export function createKeySet(options: KeySetOptions): KeySet {
  return new RemoteKeys(options)
}

interface KnownKeys {
  readonly keys: readonly VerificationKey[]
  readonly fetchedAtMs: number
  readonly maxAgeMs: number
}

class RemoteKeys implements KeySet {
  readonly #options: KeySetOptions
  readonly #moments = createMoments()
  readonly #fetches: SingleFlight<readonly VerificationKey[]>
  readonly #unknownIds: TokenBucket
  #known: KnownKeys | undefined
  /** When the fetch began whose keys are known. */
  #knownSince = 0
  #failures = 0
  #failure: unknown
  #failedAtMs = 0
  #backoffMs = 0

  constructor(options: KeySetOptions) {
    this.#options = options
    const { clock, maxFlightMs = Number.POSITIVE_INFINITY } = options
    this.#fetches = createSingleFlight({ moments: this.#moments, clock, maxFlightMs })
    this.#unknownIds = new TokenBucket(unknownIds, options.clock)
    if (options.initial !== undefined) this.#remember(options.initial, maxAgeBounds.fallback)
  }

  async find(keyId: string, algorithm: SignatureAlgorithm): Promise<VerificationKey | undefined> {
    const began = this.#moments.next()
    const isIt = (key: VerificationKey): boolean => key.keyId === keyId && key.algorithm === algorithm
    return (await this.#trusted()).find(isIt) ?? (await this.#fetchedAfter(began)).find(isIt)
  }

  isPublished(key: VerificationKey): boolean {
    const age = this.#age()
    if (age === 'old' && !this.#isFetching() && !this.#isBackingOff()) this.#refresh().catch(() => {})
    return age !== 'useless' && (this.#known?.keys.some((known) => isSameKey(known, key)) ?? false)
  }

  async ready(): Promise<void> {
    await this.#trusted()
  }

  /** The keys that may be trusted now. One request at a time waits for old ones to be renewed, the others go on. */
  async #trusted(): Promise<readonly VerificationKey[]> {
    const age = this.#age()
    if (age === 'useless') return this.#isBackingOff() ? this.#giveUp() : this.#refresh()
    const { keys } = this.#known as KnownKeys
    if (age === 'young') return keys
    return this.#isFetching() || this.#isBackingOff() ? keys : this.#refresh().catch(() => keys)
  }

  /** Keys from a fetch that began later than a request: only they can say that there is no such key. */
  async #fetchedAfter(began: number): Promise<readonly VerificationKey[]> {
    const underWay = this.#fetches.find('')
    if (underWay !== undefined && underWay.startedAt > began) return underWay.join()
    if (this.#knownSince > began) return this.#known?.keys ?? []
    if (this.#isBackingOff()) return this.#giveUp()
    if (!this.#unknownIds.take()) throw createKeyUnknown(this.#unknownIds.waitMs)
    return this.#fetches.restart('', () => this.#fetch())
  }

  #age(): 'young' | 'old' | 'useless' {
    if (this.#known === undefined) return 'useless'
    const ageMs = this.#options.clock.elapsed() - this.#known.fetchedAtMs
    if (ageMs < this.#known.maxAgeMs) return 'young'
    return ageMs < this.#known.maxAgeMs + staleIfErrorMs ? 'old' : 'useless'
  }

  #isFetching(): boolean {
    return this.#fetches.find('') !== undefined
  }

  #isBackingOff(): boolean {
    const isWaiting = this.#options.clock.elapsed() - this.#failedAtMs < this.#backoffMs
    return this.#failures > 0 && isWaiting && !this.#isFetching()
  }

  /** An error of its own for every request: handlers write on them. */
  #giveUp(): never {
    throw isAuthorizationError(this.#failure) ? copyAuthorizationError(this.#failure) : this.#failure
  }

  #refresh(): Promise<readonly VerificationKey[]> {
    return this.#fetches.run('', () => this.#fetch())
  }

  async #fetch(): Promise<readonly VerificationKey[]> {
    const began = this.#moments.next()
    try {
      const { keys, maxAgeSeconds } = await fetchKeys(this.#options)
      // A later fetch was faster: what it brought is newer.
      if (began < this.#knownSince) return keys
      this.#announce(keys)
      this.#remember(keys, maxAgeSeconds)
      this.#knownSince = began
      this.#failures = 0
      return keys
    } catch (error) {
      if (began < this.#knownSince) throw error
      this.#failures += 1
      this.#failure = error
      this.#failedAtMs = this.#options.clock.elapsed()
      this.#backoffMs = Math.max(toBackoffMs(this.#failures), toAskedMs(error))
      throw error
    }
  }

  #announce(keys: readonly VerificationKey[]): void {
    const before = this.#known?.keys.map(toKeyId) ?? []
    const after = keys.map(toKeyId)
    const added = after.filter((keyId) => !before.includes(keyId))
    const removed = before.filter((keyId) => !after.includes(keyId))
    if (added.length + removed.length > 0) this.#options.publish('keys', () => ({ added, removed }))
  }

  #remember(keys: readonly VerificationKey[], maxAgeSeconds: number): void {
    this.#known = { keys, fetchedAtMs: this.#options.clock.elapsed(), maxAgeMs: maxAgeSeconds * 1_000 }
  }
}

const toKeyId = (key: VerificationKey): string => key.keyId

/** By what is in them, since a fetch reads them anew; and a key that has changed under its id is another one. */
function isSameKey(one: VerificationKey, other: VerificationKey): boolean {
  return one === other || (one.keyId === other.keyId && one.material === other.material)
}

function createKeyUnknown(waitMs: number): AuthorizationError {
  const error = new AuthorizationError(
    'ERR_PROVIDER_UNAVAILABLE',
    'the token names a key that is not known, and ZITADEL has been asked for unknown keys too often to be asked now',
    { retryAfterSeconds: Math.ceil(waitMs / 1_000) },
  )
  unknownKeys.add(error)
  return error
}

async function fetchKeys({ discover, fetchJson, headers }: KeySetOptions) {
  const { jwksUri } = await discover()
  const { status, body, cacheControl } = await fetchJson(jwksUri, { method: 'GET', headers, kind: 'keys' })
  const keys = (status === 200 ? readKeySet(body) : undefined) ?? []
  // A set without a key that can be used is no reason to give up those that are.
  if (keys.length === 0) {
    throw new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', `the keys of ZITADEL do not read (status ${status})`)
  }
  return { keys, maxAgeSeconds: readMaxAgeSeconds(cacheControl, maxAgeBounds) }
}

/** How long ZITADEL asks to be left alone: its `Retry-After`. */
function toAskedMs(error: unknown): number {
  return isAuthorizationError(error) ? (error.retryAfterSeconds ?? 0) * 1_000 : 0
}

/** Half of it by chance, so that many processes do not come back at the same moment. */
function toBackoffMs(failures: number): number {
  const backoffMs = Math.min(firstBackoffMs * 2 ** (failures - 1), longestBackoffMs)
  return backoffMs * (0.5 + Math.random() / 2)
}

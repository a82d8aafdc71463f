import { AuthorizationError, copyAuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'
import type { Publish } from '../internal/diagnostics.js'
import { createSingleFlight } from '../internal/single-flight.js'
import { readMaxAgeSeconds } from './cache-control.js'
import type { Discover } from './discovery.js'
import type { FetchJson } from './fetch-json.js'
import { readKeySet, type SignatureAlgorithm, type VerificationKey } from './json-web-key.js'

/** ZITADEL's public keys. */
export interface KeySet {
  /** Finds the key that a token names; undefined when ZITADEL does not have it. */
  find(keyId: string, algorithm: SignatureAlgorithm): Promise<VerificationKey | undefined>
  /** Resolves when there are keys to find something in. */
  ready(): Promise<void>
}

/** ZITADEL says 300 seconds; a key that it deletes stops being trusted after at most an hour whatever it says. */
const maxAgeBounds = { min: 30, max: 3_600, fallback: 300 }

/** For how long keys serve beyond their age while ZITADEL does not answer. */
const staleIfErrorMs = 60 * 60 * 1_000

/** A key id that nobody knows may be a new key or an attacker's invention: it is worth one question in this time. */
const cooldownMs = 10_000

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
  /** Keys to start with, without a question. */
  readonly initial: readonly VerificationKey[] | undefined
}

/**
 * Makes the {@link KeySet} of a ZITADEL. The keys are fetched when they are first needed and again when they
 * are old, once for all callers. A key id that nobody knows causes one fetch in ten seconds. After a failure there is
 * none until its backoff has passed, and the keys that were good serve on for an hour.
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
  readonly #fetches = createSingleFlight<readonly VerificationKey[]>()
  #known: KnownKeys | undefined
  #isFetching = false
  #failures = 0
  #failure: unknown
  #askedAtMs = Number.NEGATIVE_INFINITY
  /** After a success the cooldown, after a failure the backoff. */
  #waitMs = 0

  constructor(options: KeySetOptions) {
    this.#options = options
    if (options.initial !== undefined) this.#remember(options.initial, maxAgeBounds.fallback)
  }

  async find(keyId: string, algorithm: SignatureAlgorithm): Promise<VerificationKey | undefined> {
    const isIt = (key: VerificationKey): boolean => key.keyId === keyId && key.algorithm === algorithm
    return (await this.#trusted()).find(isIt) ?? (await this.#afterUnknownId()).find(isIt)
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
    return this.#isFetching || this.#isBackingOff() ? keys : this.#refresh().catch(() => keys)
  }

  async #afterUnknownId(): Promise<readonly VerificationKey[]> {
    if (this.#isBackingOff()) return this.#giveUp()
    return this.#isWaiting() && !this.#isFetching ? [] : this.#refresh()
  }

  #age(): 'young' | 'old' | 'useless' {
    if (this.#known === undefined) return 'useless'
    const ageMs = this.#options.clock.now() - this.#known.fetchedAtMs
    // A clock that was set back says nothing of their age.
    if (ageMs >= 0 && ageMs < this.#known.maxAgeMs) return 'young'
    return ageMs < this.#known.maxAgeMs + staleIfErrorMs ? 'old' : 'useless'
  }

  #isBackingOff(): boolean {
    return this.#failures > 0 && !this.#isFetching && this.#isWaiting()
  }

  #isWaiting(): boolean {
    const sinceMs = this.#options.clock.now() - this.#askedAtMs
    // A clock that was set back would otherwise make the wait longer by as much.
    return sinceMs >= 0 && sinceMs < this.#waitMs
  }

  /** An error of its own for every request: handlers write on them. */
  #giveUp(): never {
    if (!isAuthorizationError(this.#failure)) throw this.#failure
    throw copyAuthorizationError(this.#failure)
  }

  #refresh(): Promise<readonly VerificationKey[]> {
    return this.#fetches.run('', () => this.#fetch())
  }

  async #fetch(): Promise<readonly VerificationKey[]> {
    this.#isFetching = true
    const { clock } = this.#options
    try {
      const { keys, maxAgeSeconds } = await fetchKeys(this.#options)
      this.#announce(keys)
      this.#remember(keys, maxAgeSeconds)
      this.#failures = 0
      this.#waitMs = cooldownMs
      return keys
    } catch (error) {
      this.#failures += 1
      this.#failure = error
      this.#waitMs = Math.max(toBackoffMs(this.#failures), toAskedMs(error))
      throw error
    } finally {
      this.#askedAtMs = clock.now()
      this.#isFetching = false
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
    this.#known = { keys, fetchedAtMs: this.#options.clock.now(), maxAgeMs: maxAgeSeconds * 1_000 }
  }
}

const toKeyId = (key: VerificationKey): string => key.keyId

async function fetchKeys({ discover, fetchJson, headers }: KeySetOptions) {
  const { jwksUri } = await discover()
  const { status, body, cacheControl } = await fetchJson(jwksUri, { method: 'GET', headers })
  const keys = status === 200 ? readKeySet(body) : undefined
  if (keys === undefined) {
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

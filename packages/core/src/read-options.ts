import { type Clock, readClock, systemClock } from './internal/clock.js'
import { createPublisher, type Publish } from './internal/diagnostics.js'
import type { Logger } from './internal/problem-log.js'
import { readLogger } from './internal/read-logger.js'
import { isVariableSet, readPositive, readTimeout, requireKnown } from './internal/read-option.js'
import type { AllOptions, CacheOptions } from './options.js'
import { readApplicationKey, readApplicationKeyFile } from './provider/application-key.js'
import { createAssertionAuthenticator } from './provider/client-assertion.js'
import { type ClientAuthenticator, createBasicAuthenticator } from './provider/client-authentication.js'
import type { Fetch } from './provider/fetch-json.js'
import { type ProviderAddress, readProviderAddress } from './provider/issuer.js'
import { readVerification, type VerificationSettings } from './read-verification.js'
import type { RefusalFormat } from './response/refusal.js'
import type { CacheSettings } from './verification/remembered-answers.js'

/** Options that have been read: complete, and free of contradictions. */
export interface Settings extends VerificationSettings {
  readonly address: ProviderAddress
  /** Undefined only where ZITADEL is never asked for anything for which it wants to know who asks. */
  readonly authenticator: ClientAuthenticator | undefined
  readonly cache: CacheSettings | undefined
  readonly timeoutMs: number
  readonly refusalFormat: RefusalFormat
  readonly logger: Logger
  readonly fetch: Fetch
  readonly clock: Clock
  readonly publish: Publish
}

/**
 * Reads the options, key file included. Never touches the network.
 *
 * @throws {TypeError} when an option is unknown, missing, malformed, or contradicts another
 */
export function readOptions(options: AllOptions): Settings {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createZitadelAuth takes an object of options')
  requireKnown(options, optionNames, 'option')
  const { cache = {}, timeoutMs = 5_000, refusalFormat = 'text', logger = console }: AllOptions = options
  // The text 'false', from an environment variable, would otherwise allow it.
  if (options.allowInsecureHttp !== undefined && typeof options.allowInsecureHttp !== 'boolean') {
    throw new TypeError('allowInsecureHttp is true or false')
  }
  if (refusalFormat !== 'text' && refusalFormat !== 'problem-json') {
    throw new TypeError("refusalFormat is 'text' or 'problem-json'")
  }
  const safeLogger = readLogger(logger)
  const clock = options.clock === undefined ? systemClock : readClock(options.clock)
  if (options.fetch !== undefined && typeof options.fetch !== 'function') throw new TypeError('fetch is a function')
  const address = readProviderAddress(options)
  const authenticator = readCredentials(options, address.issuer, clock)
  return {
    address,
    authenticator,
    ...readVerification(options, authenticator?.clientId),
    cache: cache === false ? undefined : readCache(cache),
    timeoutMs: readTimeout(timeoutMs),
    refusalFormat,
    logger: safeLogger,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    clock,
    publish: createPublisher(address.issuer),
  }
}

const optionNames: Readonly<Record<keyof AllOptions, true>> = {
  domain: true,
  keyFile: true,
  key: true,
  clientId: true,
  clientSecret: true,
  verification: true,
  projectId: true,
  audience: true,
  jwks: true,
  revocationCheckSeconds: true,
  internalUrl: true,
  allowInsecureHttp: true,
  cache: true,
  timeoutMs: true,
  refusalFormat: true,
  logger: true,
  fetch: true,
  clock: true,
}

function readCredentials(options: AllOptions, issuer: string, clock: Clock): ClientAuthenticator | undefined {
  const { verification, keyFile, key, clientId, clientSecret } = options
  const hasSecret = clientId !== undefined || clientSecret !== undefined
  const given = [keyFile !== undefined, key !== undefined, hasSecret].filter(Boolean).length
  // With local verification there is nothing to ask for which ZITADEL wants to know who asks.
  if (given === 0 && verification === 'jwt') return undefined
  if (given === 0) requireNoneUnset(options)
  if (given !== 1) {
    throw new TypeError(
      'give the credentials of this API in exactly one way: keyFile, key, or clientId and clientSecret',
    )
  }
  if (hasSecret) return createBasicAuthenticator(clientId, clientSecret)
  const applicationKey = keyFile === undefined ? readApplicationKey(key) : readApplicationKeyFile(keyFile as string)
  return createAssertionAuthenticator(applicationKey, { issuer, clock })
}

/** An environment variable that is not set gives an option that is there and undefined. */
function requireNoneUnset(options: AllOptions): void {
  const unset = (['keyFile', 'key', 'clientId', 'clientSecret'] as const).filter((name) => Object.hasOwn(options, name))
  if (unset.length === 0) return
  throw new TypeError(`${unset.join(' and ')} ${unset.length === 1 ? 'is' : 'are'} undefined: ${isVariableSet}`)
}

function readCache(cache: CacheOptions): CacheSettings {
  if (typeof cache !== 'object' || cache === null)
    throw new TypeError('cache is false or { ttlSeconds, maxEntries, staleIfErrorSeconds }')
  requireKnown(cache, { ttlSeconds: true, maxEntries: true, staleIfErrorSeconds: true }, 'member of cache')
  const { ttlSeconds = 30, maxEntries = 10_000, staleIfErrorSeconds = 0 } = cache
  if (!Number.isInteger(maxEntries)) throw new TypeError('cache.maxEntries is a whole number greater than 0')
  return {
    ttlSeconds: readPositive(ttlSeconds, 'cache.ttlSeconds'),
    maxEntries: readPositive(maxEntries, 'cache.maxEntries'),
    staleIfErrorSeconds: staleIfErrorSeconds === 0 ? 0 : readPositive(staleIfErrorSeconds, 'cache.staleIfErrorSeconds'),
  }
}

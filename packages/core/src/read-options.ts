import { type Clock, readClock, systemClock } from './internal/clock.js'
import { createPublisher, type Publish } from './internal/diagnostics.js'
import type { Logger } from './internal/problem-log.js'
import { readLogger } from './internal/read-logger.js'
import { readCount, readPositive, readTimeout, requireKnown, requireNoneUnset } from './internal/read-option.js'
import { createTrace, type Trace } from './internal/tracing.js'
import type { AllOptions, CacheOptions } from './options.js'
import { type ApplicationKey, readApplicationKey, readApplicationKeyFile } from './provider/application-key.js'
import { createAssertionAuthenticator } from './provider/client-assertion.js'
import { type ClientAuthenticator, createBasicAuthenticator } from './provider/client-authentication.js'
import type { ProviderMetadata } from './provider/discovery.js'
import { readEndpoints } from './provider/endpoints.js'
import { type ProviderAddress, readProviderAddresses } from './provider/issuer.js'
import { createFixedKey, createKeyFile } from './provider/key-source.js'
import { readTransport } from './provider/transport/read-transport.js'
import type { Transport } from './provider/transport/transport.js'
import { readVerification, type VerificationSettings } from './read-verification.js'
import { type ResourceMetadata, readResource } from './resource-metadata.js'
import type { RefusalFormat } from './response/refusal.js'
import type { CacheSettings } from './verification/remembered-answers.js'
import type { CacheStore } from './verification/shared-store.js'

/** Options that have been read: complete, and free of contradictions. */
export interface Settings extends VerificationSettings {
  readonly address: ProviderAddress
  /** The names of the instance, that one first. */
  readonly names: readonly [InstanceName, ...(readonly InstanceName[])]
  /** Undefined where they are asked for. */
  readonly endpoints: Partial<ProviderMetadata> | undefined
  readonly cache: CacheSettings | undefined
  readonly store: CacheStore | undefined
  readonly timeoutMs: number
  readonly limits: Limits
  readonly maxJwtLifetimeSeconds: number
  /** What is protected; undefined where clients know by themselves. */
  readonly resource: ResourceMetadata | undefined
  readonly refusalFormat: RefusalFormat
  readonly logger: Logger
  readonly transport: Transport
  readonly clock: Clock
  readonly publish: Publish
  readonly trace: Trace
}

/** A name of the instance: an issuer of its own, to which this API proves by an assertion of its own who it is. */
export interface InstanceName {
  readonly address: ProviderAddress
  /** Undefined only where ZITADEL is never asked for anything for which it wants to know who asks. */
  readonly authenticator: ClientAuthenticator | undefined
}

/** How much there may be of everything that strangers can make more of. */
export interface Limits {
  readonly maxConcurrentRequests: number
  readonly maxQueuedRequests: number
  readonly maxResponseBytes: number
  readonly maxHeaderBytes: number
}

/**
 * Reads the options, key file included. Never touches the network.
 *
 * @throws `TypeError`: when an option is unknown, missing, malformed, or contradicts another
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
  const [address, ...others] = readProviderAddresses(options)
  const toAuthenticator = readCredentials(options, { logger: safeLogger, clock })
  const toName = (name: ProviderAddress): InstanceName => ({
    address: name,
    authenticator: toAuthenticator(name.issuer),
  })
  const first = toName(address)
  const verification = readVerification(options, first.authenticator?.clientId)
  const addresses = [address, ...others] as const
  return {
    address,
    names: [first, ...others.map(toName)],
    ...verification,
    resource: readResource(options, { addresses, ...verification }),
    endpoints:
      options.endpoints === undefined
        ? undefined
        : readEndpoints(options.endpoints, verification.verification, address),
    cache: cache === false ? undefined : readCache(cache),
    store: cache === false ? undefined : readStore(cache),
    timeoutMs: readTimeout(timeoutMs),
    limits: readLimits(options),
    maxJwtLifetimeSeconds: readPositive(options.maxJwtLifetimeSeconds ?? 86_400, 'maxJwtLifetimeSeconds'),
    refusalFormat,
    logger: safeLogger,
    transport: readTransport(options),
    clock,
    publish: createPublisher(address.issuer),
    trace: createTrace(address.issuer, clock),
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
  endpoints: true,
  allowInsecureHttp: true,
  cache: true,
  timeoutMs: true,
  maxConcurrentRequests: true,
  maxQueuedRequests: true,
  maxResponseBytes: true,
  maxHeaderBytes: true,
  maxJwtLifetimeSeconds: true,
  resource: true,
  resourceName: true,
  refusalFormat: true,
  logger: true,
  agent: true,
  fetch: true,
  clock: true,
}

const applicationKeyFile = {
  read: readApplicationKeyFile,
  toOwner: ({ clientId }: ApplicationKey): string => clientId,
  otherOwner: 'is of another application: restart',
}

/** Gives what proves who asks, by the issuer that is asked. */
type ToAuthenticator = (issuer: string) => ClientAuthenticator | undefined

function readCredentials(
  options: AllOptions,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): ToAuthenticator {
  const { verification, keyFile, key, clientId, clientSecret } = options
  const hasSecret = clientId !== undefined || clientSecret !== undefined
  const given = [keyFile !== undefined, key !== undefined, hasSecret].filter(Boolean).length
  // With local verification there is nothing to ask for which ZITADEL wants to know who asks.
  if (given === 0 && verification === 'jwt') return () => undefined
  if (given === 0) requireNoneUnset(options, ['keyFile', 'key', 'clientId', 'clientSecret'])
  if (given !== 1) {
    throw new TypeError(
      'give the credentials of this API in exactly one way: keyFile, key, or clientId and clientSecret',
    )
  }
  if (hasSecret) {
    const authenticator = createBasicAuthenticator(clientId, clientSecret)
    return () => authenticator
  }
  const source =
    keyFile === undefined
      ? createFixedKey(readApplicationKey(key))
      : createKeyFile(keyFile as string, { ...applicationKeyFile, logger, clock })
  return (issuer) => createAssertionAuthenticator(source, { issuer, clock })
}

function readLimits({
  maxConcurrentRequests = 50,
  maxQueuedRequests = 5_000,
  maxResponseBytes = 1024 * 1024,
  maxHeaderBytes = 16 * 1024,
}: AllOptions): Limits {
  return {
    maxConcurrentRequests: readCount(maxConcurrentRequests, 'maxConcurrentRequests'),
    maxQueuedRequests: readCount(maxQueuedRequests, 'maxQueuedRequests'),
    maxResponseBytes: readCount(maxResponseBytes, 'maxResponseBytes'),
    maxHeaderBytes: readCount(maxHeaderBytes, 'maxHeaderBytes'),
  }
}

function readCache(cache: CacheOptions): CacheSettings {
  if (typeof cache !== 'object' || cache === null) throw new TypeError('cache is false or an object')
  const known = { ttlSeconds: true, maxEntries: true, maxBytes: true, staleIfErrorSeconds: true, store: true } as const
  requireKnown(cache, known, 'member of cache')
  const { ttlSeconds = 30, maxEntries = 10_000, maxBytes = 64 * 1024 * 1024, staleIfErrorSeconds = 0 } = cache
  return {
    ttlSeconds: readPositive(ttlSeconds, 'cache.ttlSeconds'),
    maxEntries: readCount(maxEntries, 'cache.maxEntries'),
    maxBytes: readCount(maxBytes, 'cache.maxBytes'),
    staleIfErrorSeconds: staleIfErrorSeconds === 0 ? 0 : readPositive(staleIfErrorSeconds, 'cache.staleIfErrorSeconds'),
  }
}

function readStore({ store }: CacheOptions): CacheStore | undefined {
  if (store !== undefined && typeof Object(store).connect !== 'function') {
    throw new TypeError('cache.store is what createRedisStore() of @org/zitadel-auth/redis gives')
  }
  return store
}

import { type Clock, systemClock } from './internal/clock.js'
import type { Logger } from './internal/problem-log.js'
import { type ApplicationKeyJson, readApplicationKey, readApplicationKeyFile } from './provider/application-key.js'
import { createAssertionAuthenticator } from './provider/client-assertion.js'
import { type ClientAuthenticator, createBasicAuthenticator } from './provider/client-authentication.js'
import type { Fetch } from './provider/fetch-json.js'
import { type ProviderAddress, readProviderAddress } from './provider/issuer.js'
import type { RefusalFormat } from './response/refusal.js'
import type { CacheSettings } from './verification/cached.js'

/** How long and how many answers of ZITADEL are remembered. */
export interface CacheOptions {
  /** For how many seconds an answer is used again; never past the token's expiry. Default: 30. */
  readonly ttlSeconds?: number
  /** How many answers are kept; the least recently used goes first. Default: 10,000. */
  readonly maxEntries?: number
}

/** How this API proves to ZITADEL who it is: exactly one of a key file, a key, or client id and secret. */
export type CredentialOptions =
  | {
      /** The path of the JSON key that ZITADEL lets you download for an API application. */
      readonly keyFile: string
      readonly key?: never
      readonly clientId?: never
      readonly clientSecret?: never
    }
  | {
      /** The content of that file: the object, its JSON text, or base64 of the text. */
      readonly key: ApplicationKeyJson | string
      readonly keyFile?: never
      readonly clientId?: never
      readonly clientSecret?: never
    }
  | {
      /** The client id of an API application with the authentication method Basic. */
      readonly clientId: string
      /** Its secret. */
      readonly clientSecret: string
      readonly keyFile?: never
      readonly key?: never
    }

/** What {@link createZitadelAuth} takes beside the credentials. */
export interface ProviderOptions {
  /** The domain of the ZITADEL instance: `my-domain.zitadel.cloud`, `https://…`, or `http://localhost:8080`. */
  readonly domain: string
  /** The id of the API's project. Pins the audience and the roles to it. Default: ZITADEL decides by the credentials. */
  readonly projectId?: string
  /** The address at which this process reaches ZITADEL, where that is not the domain. */
  readonly internalUrl?: string
  /** Allows plain http to hosts other than this machine. Default: false. */
  readonly allowInsecureHttp?: boolean
  /** What is remembered of ZITADEL's answers; `false` asks for every request. Default: 30 s, 10,000 entries. */
  readonly cache?: false | CacheOptions
  /** The deadline of a request to ZITADEL in milliseconds, its retry included. Default: 5,000. */
  readonly timeoutMs?: number
  /** How refusals are written: `text`, as ZITADEL's own APIs do, or `problem-json` (RFC 9457). Default: `text`. */
  readonly refusalFormat?: RefusalFormat
  /** Where to say that ZITADEL can't be reached or refuses this API. Default: `console`. */
  readonly logger?: Logger
  /** The network. Default: the global `fetch`. */
  readonly fetch?: Fetch
  /** The time. Default: this machine's. */
  readonly clock?: Clock
}

/** What {@link createZitadelAuth} takes. */
export type ZitadelAuthOptions = ProviderOptions & CredentialOptions

/** Options that have been read: complete, and free of contradictions. */
export interface Settings {
  readonly address: ProviderAddress
  readonly authenticator: ClientAuthenticator
  readonly projectId: string | undefined
  readonly cache: CacheSettings | undefined
  readonly timeoutMs: number
  readonly refusalFormat: RefusalFormat
  readonly logger: Logger
  readonly fetch: Fetch
  readonly clock: Clock
}

/**
 * Reads the options, key file included. Never touches the network.
 *
 * @throws {TypeError} when an option is unknown, missing, malformed, or contradicts another
 */
export function readOptions(options: ZitadelAuthOptions): Settings {
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createZitadelAuth takes an object of options')
  requireKnown(options, optionNames, 'option')
  const { projectId, cache = {}, timeoutMs = 5_000, refusalFormat = 'text', clock = systemClock } = options
  if (projectId !== undefined && (typeof projectId !== 'string' || projectId === '')) {
    throw new TypeError('projectId is a text that is not empty')
  }
  // The text 'false', from an environment variable, would otherwise allow it.
  if (options.allowInsecureHttp !== undefined && typeof options.allowInsecureHttp !== 'boolean') {
    throw new TypeError('allowInsecureHttp is true or false')
  }
  if (refusalFormat !== 'text' && refusalFormat !== 'problem-json') {
    throw new TypeError("refusalFormat is 'text' or 'problem-json'")
  }
  const address = readProviderAddress(options)
  return {
    address,
    authenticator: readCredentials(options, address.issuer, clock),
    projectId,
    cache: cache === false ? undefined : readCache(cache),
    timeoutMs: readTimeout(timeoutMs),
    refusalFormat,
    logger: options.logger ?? console,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    clock,
  }
}

const optionNames: Readonly<Record<keyof ProviderOptions | 'keyFile' | 'key' | 'clientId' | 'clientSecret', true>> = {
  domain: true,
  keyFile: true,
  key: true,
  clientId: true,
  clientSecret: true,
  projectId: true,
  internalUrl: true,
  allowInsecureHttp: true,
  cache: true,
  timeoutMs: true,
  refusalFormat: true,
  logger: true,
  fetch: true,
  clock: true,
}

function readCredentials(options: ZitadelAuthOptions, issuer: string, clock: Clock): ClientAuthenticator {
  const { keyFile, key, clientId, clientSecret } = options
  const hasSecret = clientId !== undefined || clientSecret !== undefined
  if ([keyFile !== undefined, key !== undefined, hasSecret].filter(Boolean).length !== 1) {
    throw new TypeError(
      'give the credentials of this API in exactly one way: keyFile, key, or clientId and clientSecret',
    )
  }
  if (hasSecret) return createBasicAuthenticator(clientId, clientSecret)
  const applicationKey = keyFile === undefined ? readApplicationKey(key) : readApplicationKeyFile(keyFile)
  return createAssertionAuthenticator(applicationKey, { issuer, clock })
}

function readCache(cache: CacheOptions): CacheSettings {
  if (typeof cache !== 'object' || cache === null) throw new TypeError('cache is false or { ttlSeconds, maxEntries }')
  requireKnown(cache, { ttlSeconds: true, maxEntries: true }, 'member of cache')
  const { ttlSeconds = 30, maxEntries = 10_000 } = cache
  if (!Number.isInteger(maxEntries)) throw new TypeError('cache.maxEntries is a whole number greater than 0')
  return {
    ttlSeconds: readPositive(ttlSeconds, 'cache.ttlSeconds'),
    maxEntries: readPositive(maxEntries, 'cache.maxEntries'),
  }
}

/** `AbortSignal.timeout` refuses a fraction, and fires at once for more: at every request, not at start-up. */
const longestTimeoutMs = 2 ** 31 - 1

function readTimeout(value: unknown): number {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > longestTimeoutMs) {
    throw new TypeError(`timeoutMs is a whole number from 1 to ${longestTimeoutMs}`)
  }
  return value as number
}

function readPositive(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw new TypeError(
      `${name} is a number greater than 0${name === 'cache.ttlSeconds' ? ' (cache: false turns the cache off)' : ''}`,
    )
  }
  return value
}

/** A misspelt option would otherwise be one that is silently not there. */
function requireKnown(given: object, known: Readonly<Record<string, true>>, what: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) {
    throw new TypeError(`unknown ${what} "${unknown}": known are ${Object.keys(known).join(', ')}`)
  }
}

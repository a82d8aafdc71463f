import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { Clock } from './internal/clock.js'
import type { Logger } from './internal/problem-log.js'
import type { ApplicationKeyJson } from './provider/application-key.js'
import type { EndpointOptions } from './provider/endpoints.js'
import type { Fetch } from './provider/transport/fetch-transport.js'
import type { RefusalFormat } from './response/refusal.js'
import type { CacheStore } from './verification/shared-store.js'

/** How long and how many responses of ZITADEL are cached. */
export interface CacheOptions {
  /**
   * For how many seconds a response is cached, and never longer than the token is valid. A JWT that was verified by its
   * signature is cached until it expires or its key is gone.
   *
   * @defaultValue `30`
   */
  readonly ttlSeconds?: number
  /**
   * How many responses are cached. When there are more, those that were not used lately are removed.
   *
   * @defaultValue `10_000`
   */
  readonly maxEntries?: number
  /**
   * How many bytes the cached responses may take, roughly.
   *
   * @defaultValue `67_108_864` (64 MiB)
   */
  readonly maxBytes?: number
  /**
   * For how many seconds after `ttlSeconds` a cached response is still used while ZITADEL is down, and never longer
   * than the token is valid.
   *
   * @defaultValue `0`
   */
  readonly staleIfErrorSeconds?: number
  /**
   * Shares cached responses and revocations with other processes of this API: what `createRedisStore()` of
   * `@org/zitadel-auth/redis` returns. Needs the credentials of this API, from which it derives its keys. Without it,
   * each process has its own cache.
   */
  readonly store?: CacheStore
}

/** How this API authenticates to ZITADEL: exactly one of a key file, a key, or a client id and secret. */
export type CredentialOptions =
  | {
      /** The path of the JSON key file that you download from ZITADEL for an API application. */
      readonly keyFile: string
      readonly key?: never
      readonly clientId?: never
      readonly clientSecret?: never
    }
  | {
      /** The content of the key file: the object, its JSON text, or base64 of the text. */
      readonly key: ApplicationKeyJson | string
      readonly keyFile?: never
      readonly clientId?: never
      readonly clientSecret?: never
    }
  | {
      /** The client id of an API application with the authentication method Basic. */
      readonly clientId: string
      /** The client secret of that application. */
      readonly clientSecret: string
      readonly keyFile?: never
      readonly key?: never
    }

/** The options of {@link createZitadelAuth} except credentials and mode of verification. Only `domain` is required. */
export interface ProviderOptions {
  /**
   * The domain of the ZITADEL instance: `my-domain.zitadel.cloud`, `https://…`, or `http://localhost:8080`. Give a list
   * if one instance has several names: tokens of each are accepted, and requests go to the first unless a token names
   * another.
   */
  readonly domain: string | readonly string[]
  /** The address at which this process reaches ZITADEL, if it differs from the domain. */
  readonly internalUrl?: string
  /**
   * The endpoints of ZITADEL, so that the first request need not fetch its metadata. Without it, the metadata is
   * fetched.
   */
  readonly endpoints?: EndpointOptions
  /**
   * Allows plain http to hosts other than this machine.
   *
   * @defaultValue `false`
   */
  readonly allowInsecureHttp?: boolean
  /**
   * How responses of ZITADEL are cached; `false` asks ZITADEL for every request.
   *
   * @defaultValue `{ ttlSeconds: 30, maxEntries: 10_000 }`
   */
  readonly cache?: false | CacheOptions
  /**
   * How many milliseconds a request to ZITADEL may take, including its retry.
   *
   * @defaultValue `5_000`
   */
  readonly timeoutMs?: number
  /**
   * How many introspection requests run at once. The default is what ZITADEL Cloud allows per second.
   *
   * @defaultValue `50`
   */
  readonly maxConcurrentRequests?: number
  /**
   * How many introspection requests wait for their turn, none of them longer than `timeoutMs`.
   *
   * @defaultValue `5_000`
   */
  readonly maxQueuedRequests?: number
  /**
   * How many bytes a response of ZITADEL may have.
   *
   * @defaultValue `1_048_576` (1 MiB)
   */
  readonly maxResponseBytes?: number
  /**
   * How many bytes an `Authorization` header, or a token without a header, may have. The default is the limit of
   * Node.js for all headers together.
   *
   * @defaultValue `16_384` (16 KiB)
   */
  readonly maxHeaderBytes?: number
  /**
   * For how many seconds a call of `forget` has an effect on JWTs that were signed before it. Must not be less than the
   * lifetime of access tokens in ZITADEL.
   *
   * @defaultValue `86_400` (24 hours)
   */
  readonly maxJwtLifetimeSeconds?: number
  /**
   * The address of what this API protects, as its clients know it: `https://api.example.com/mcp`, without a slash at
   * the end. With it, {@link ZitadelAuth.resourceMetadata} describes the resource, and error responses name that
   * description (RFC 9728), so that clients such as those of MCP find ZITADEL on their own.
   */
  readonly resource?: string
  /** The name of the resource, for people. */
  readonly resourceName?: string
  /**
   * The format of error responses: `text`, as ZITADEL's own APIs use, or `problem-json` (RFC 9457).
   *
   * @defaultValue `'text'`
   */
  readonly refusalFormat?: RefusalFormat
  /**
   * Where to report that ZITADEL cannot be reached or rejects this API.
   *
   * @defaultValue `console`
   */
  readonly logger?: Logger
  /**
   * The agent of `node:http` or `node:https`, for a proxy, a certificate authority or a client certificate. Without it,
   * the library uses its own.
   */
  readonly agent?: HttpAgent | HttpsAgent
  /** Sends the requests to ZITADEL instead of `node:http` and `node:https`. */
  readonly fetch?: Fetch
  /** The time, for tests. Functions that are left out use the time of this machine. */
  readonly clock?: Partial<Clock>
}

/**
 * No credentials: enough for `verification: 'jwt'`, which only fetches ZITADEL's public keys.
 *
 * @group Types for the compiler
 */
export interface NoCredentialOptions {
  readonly keyFile?: never
  readonly key?: never
  readonly clientId?: never
  readonly clientSecret?: never
}

/** The options of the modes `jwt` and `auto`, which verify JWTs with ZITADEL's public keys. */
export interface LocalVerificationOptions {
  /** The id of the API's project. Only tokens for this project are accepted, and roles are those of this project. */
  readonly projectId: string
  /** Further audiences that are accepted besides the project id. */
  readonly audience?: string | readonly string[]
  /**
   * ZITADEL's public keys (a JSON Web Key Set), so that they need not be fetched at first. Without it, they are
   * fetched.
   */
  readonly jwks?: { readonly keys: readonly object[] }
}

/**
 * How tokens are verified, by the option `verification`:
 *
 * - `introspection`, the default, asks ZITADEL about every token that is not cached.
 * - `jwt` verifies JWTs with ZITADEL's public keys, and rejects all other tokens.
 * - `auto` verifies JWTs with ZITADEL's public keys, and asks ZITADEL about all other tokens. With
 *   `revocationCheckSeconds` it asks about valid JWTs too, after so many seconds, so that their revocation has an
 *   effect.
 */
export type VerificationOptions =
  | {
      /**
       * `introspection`, the default, asks ZITADEL about every token that is not cached.
       *
       * @defaultValue `'introspection'`
       */
      readonly verification?: 'introspection'
      /**
       * The id of the API's project. Only tokens for this project are accepted, and roles are those of this project.
       * Without it, ZITADEL decides by the credentials. An explicit `undefined`, as from a variable that is not set, is
       * an error.
       */
      readonly projectId?: string
      readonly audience?: never
      readonly jwks?: never
      readonly revocationCheckSeconds?: never
    }
  | (JwtOptions & { readonly revocationCheckSeconds?: never })
  | (LocalVerificationOptions & {
      /** `auto` verifies JWTs with ZITADEL's public keys, and asks ZITADEL about all other tokens. */
      readonly verification: 'auto'
      /**
       * After how many seconds ZITADEL is asked about a valid JWT too, so that its revocation has an effect. Without
       * it, never.
       */
      readonly revocationCheckSeconds?: number
    })

/** The options of the mode `jwt`. */
export interface JwtOptions extends LocalVerificationOptions {
  /** `jwt` verifies JWTs with ZITADEL's public keys, and rejects all other tokens. */
  readonly verification: 'jwt'
}

/**
 * The options of {@link createZitadelAuth}: {@link ProviderOptions}, {@link CredentialOptions} and
 * {@link VerificationOptions} in one object.
 */
export type ZitadelAuthOptions = ProviderOptions &
  ((CredentialOptions & VerificationOptions) | (NoCredentialOptions & JwtOptions))

/** Every option by itself, without what excludes what: how the options look to the code that reads them. */
export type AllOptions = ProviderOptions & Readonly<Partial<Record<ExclusiveOptionName, unknown>>>

type ExclusiveOptionName =
  | 'keyFile'
  | 'key'
  | 'clientId'
  | 'clientSecret'
  | 'verification'
  | 'projectId'
  | 'audience'
  | 'jwks'
  | 'revocationCheckSeconds'

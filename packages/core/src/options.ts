import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { Clock } from './internal/clock.js'
import type { Logger } from './internal/problem-log.js'
import type { ApplicationKeyJson } from './provider/application-key.js'
import type { EndpointOptions } from './provider/endpoints.js'
import type { Fetch } from './provider/transport/fetch-transport.js'
import type { RefusalFormat } from './response/refusal.js'
import type { CacheStore } from './verification/shared-store.js'

/** How long and how many answers of ZITADEL are remembered. */
export interface CacheOptions {
  /**
   * For how many seconds an answer is used again; never past the token's expiry. A JWT that was verified by its signature is
   * remembered until it expires, or its key is gone. Default: 30.
   */
  readonly ttlSeconds?: number
  /** How many answers are kept; one that was not used lately makes room for a new one. Default: 10,000. */
  readonly maxEntries?: number
  /** How many bytes they may take, roughly. Default: 67,108,864 (64 MiB). */
  readonly maxBytes?: number
  /** For how many seconds after that an answer serves while ZITADEL is down; never past the token's expiry. Default: 0. */
  readonly staleIfErrorSeconds?: number
  /**
   * Shares answers and revocations with other processes of this API: what `createRedisStore()` of `@org/zitadel-auth/redis` gives.
   * Needs the credentials of this API, of which it makes its keys. Default: undefined.
   */
  readonly store?: CacheStore
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
  /**
   * The domain of the ZITADEL instance: `my-domain.zitadel.cloud`, `https://…`, or `http://localhost:8080`. A list where one
   * instance has several names: tokens of each are accepted, and the first is asked where it does not matter.
   */
  readonly domain: string | readonly string[]
  /** The address at which this process reaches ZITADEL, where that is not the domain. */
  readonly internalUrl?: string
  /** Where ZITADEL's endpoints are, so that the first request need not ask for its metadata. Default: it is asked for. */
  readonly endpoints?: EndpointOptions
  /** Allows plain http to hosts other than this machine. Default: false. */
  readonly allowInsecureHttp?: boolean
  /** What is remembered of ZITADEL's answers; `false` asks for every request. Default: 30 s, 10,000 entries. */
  readonly cache?: false | CacheOptions
  /** The deadline of a request to ZITADEL in milliseconds, its retry included. Default: 5,000. */
  readonly timeoutMs?: number
  /** How many introspections run at once. Default: 50, which is what ZITADEL Cloud allows in a second. */
  readonly maxConcurrentRequests?: number
  /** How many introspections wait for their turn; none of them longer than `timeoutMs`. Default: 5,000. */
  readonly maxQueuedRequests?: number
  /** How many bytes an answer of ZITADEL may have. Default: 1,048,576 (1 MiB). */
  readonly maxAnswerBytes?: number
  /** How many bytes an `Authorization` header, or a bare token, may have. Default: 16,384 (16 KiB), like all headers in Node.js. */
  readonly maxHeaderBytes?: number
  /**
   * For how many seconds a call of `forget` is remembered, so that JWTs that were signed before it are not believed. Default:
   * 86,400 (24 hours): no less than the lifetime of access tokens in ZITADEL.
   */
  readonly maxJwtLifetimeSeconds?: number
  /**
   * The address of what this API protects, as its clients are given it: `https://api.example.com/mcp`, without a slash at its end.
   * Then {@link ZitadelAuth.resourceMetadata} describes it, and refusals name that description (RFC 9728), so that clients such as
   * those of MCP find ZITADEL by themselves. Default: none.
   */
  readonly resource?: string
  /** What the resource is called, for people. Default: nothing. */
  readonly resourceName?: string
  /** How refusals are written: `text`, as ZITADEL's own APIs do, or `problem-json` (RFC 9457). Default: `text`. */
  readonly refusalFormat?: RefusalFormat
  /** Where to say that ZITADEL can't be reached or refuses this API. Default: `console`. */
  readonly logger?: Logger
  /** The agent of `node:http` or `node:https`, for a proxy, a certificate authority or a client certificate. Default: one of our own. */
  readonly agent?: HttpAgent | HttpsAgent
  /** Sends the requests to ZITADEL instead of `node:http` and `node:https`. Default: undefined. */
  readonly fetch?: Fetch
  /** The time, for tests; what it leaves out is this machine's. Default: this machine's. */
  readonly clock?: Partial<Clock>
}

/** No credentials: enough for `verification: 'jwt'`, which asks ZITADEL nothing but its public keys. */
export interface NoCredentialOptions {
  readonly keyFile?: never
  readonly key?: never
  readonly clientId?: never
  readonly clientSecret?: never
}

/** What the two modes take that verify JWTs by ZITADEL's published keys. */
export interface LocalVerificationOptions {
  /** The id of the API's project. Pins the audience and the roles to it. */
  readonly projectId: string
  /** Audiences that are accepted beside the project id. Default: none. */
  readonly audience?: string | readonly string[]
  /** ZITADEL's public keys (a JSON Web Key Set), to start without asking for them. Default: they are asked for. */
  readonly jwks?: { readonly keys: readonly object[] }
}

/** How tokens are verified. */
export type VerificationOptions =
  | {
      /** `introspection` asks ZITADEL about every token that is not remembered. The default. */
      readonly verification?: 'introspection'
      /**
       * The id of the API's project. Pins the audience and the roles to it. Default: ZITADEL decides by the credentials; given
       * and `undefined`, from a variable that is not set, it is an error.
       */
      readonly projectId?: string
      readonly audience?: never
      readonly jwks?: never
      readonly revocationCheckSeconds?: never
    }
  | (JwtOptions & { readonly revocationCheckSeconds?: never })
  | (LocalVerificationOptions & {
      /** `auto` verifies JWTs by ZITADEL's published keys, and asks ZITADEL about all other tokens. */
      readonly verification: 'auto'
      /** Asks ZITADEL about good JWTs too, every so many seconds, so that revoking one has an effect. Default: never. */
      readonly revocationCheckSeconds?: number
    })

/** Local verification alone. */
export interface JwtOptions extends LocalVerificationOptions {
  /** `jwt` verifies JWTs by ZITADEL's published keys, and takes no other tokens. */
  readonly verification: 'jwt'
}

/** What {@link createZitadelAuth} takes. */
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

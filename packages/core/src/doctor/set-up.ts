import type { Clock } from '../internal/clock.js'

/** How an API proves who it is. */
export type Credentials =
  | { readonly kind: 'key'; readonly keyFile: string }
  | { readonly kind: 'secret'; readonly clientId: string; readonly clientSecret: string }
  | { readonly kind: 'none' }

/** The setup of an API, as far as it is about its ZITADEL, and a token that it should accept. */
export interface SetUp {
  readonly domain: string
  readonly internalUrl?: string | undefined
  readonly allowInsecureHttp?: boolean | undefined
  readonly credentials: Credentials
  readonly projectId?: string | undefined
  readonly token?: string | undefined
  readonly timeoutMs: number
  readonly clock: Clock
}

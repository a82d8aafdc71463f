import type { Clock } from '../../internal/clock.js'
import type { IntrospectionRequest } from '../../provider/introspection-request.js'
import type { KeySet } from '../../provider/key-set.js'
import type { Acceptance } from '../../verification/require-acceptable.js'
import type { Zitadel } from '../find-zitadel.js'

/** What is known when the token's turn comes. */
export interface TokenContext {
  readonly zitadel: Zitadel | undefined
  readonly clientId: string | undefined
  /** Whether no credentials were given, good or bad. */
  readonly isAnonymous: boolean
  readonly keys: KeySet | undefined
  /** Undefined where ZITADEL can't be asked. */
  readonly introspect: IntrospectionRequest | undefined
  readonly projectId: string | undefined
  readonly clock: Clock
}

/** What can be said of a token only with a ZITADEL at hand. */
export interface KnownContext extends TokenContext {
  readonly zitadel: Zitadel
  /** What the API accepts. */
  readonly acceptance: Acceptance
}

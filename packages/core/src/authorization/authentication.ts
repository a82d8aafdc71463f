import type { JsonObject } from '../internal/json.js'

/** When and how the user of a token has authenticated, as far as ZITADEL says. */
export interface Authentication {
  /** In seconds since 1970; undefined where ZITADEL does not say, as of a personal access token. */
  readonly atSeconds: number | undefined
  /** Empty where ZITADEL does not say. */
  readonly methods: readonly unknown[]
}

/**
 * Reads when and how a user has authenticated. What does not read says nothing.
 *
 * @see [RFC 9470 section 6.2](https://www.rfc-editor.org/rfc/rfc9470.html#section-6.2), and
 * [RFC 8176](https://www.rfc-editor.org/rfc/rfc8176.html) for the methods
 */
export function readAuthentication({ auth_time: time, amr }: JsonObject): Authentication {
  return { atSeconds: Number.isFinite(time) ? (time as number) : undefined, methods: Array.isArray(amr) ? amr : [] }
}

import type { Meaning } from './meanings.js'

/** What a challenge says beyond the meaning of its error. */
export interface ChallengeDetails {
  /** After how many seconds another try makes sense, where anybody knows. */
  readonly retryAfterSeconds: number | undefined
  /** The scopes that the request would have needed. */
  readonly requiredScopes: readonly string[]
  /** How old the authentication of the user may be. */
  readonly maxAgeSeconds?: number | undefined
}

/** A 503 always says when to come back. */
const defaultRetryAfterSeconds = 5

/** What a challenge says of the resource that it protects. */
export interface ChallengingResource {
  /** The address of its metadata. */
  readonly url: string
  readonly document: { readonly scopes_supported?: readonly string[] }
}

/**
 * Gives the headers that tell a client how to do better: `WWW-Authenticate`, or `Retry-After`, or none.
 *
 * Clients of a resource with metadata do what a challenge says, and by themselves: each names all scopes that a token needs, and
 * where no token would help there is none.
 *
 * @see [RFC 9728 section 5.1](https://www.rfc-editor.org/rfc/rfc9728.html#section-5.1)
 */
export function toChallenge(
  { challenge, status }: Meaning,
  { retryAfterSeconds = defaultRetryAfterSeconds, requiredScopes, maxAgeSeconds }: ChallengeDetails,
  resource?: ChallengingResource,
): Readonly<Record<string, string>> {
  if (status === 503) return { 'Retry-After': String(retryAfterSeconds) }
  const isHopeless = challenge === 'insufficient_scope' && requiredScopes.length === 0
  if (challenge === undefined || (isHopeless && resource !== undefined)) return {}
  const scopes = [
    ...new Set([...(resource?.document.scopes_supported ?? []), ...(challenge === 'none' ? [] : requiredScopes)]),
  ]
  const parameters = {
    error: challenge === 'none' ? undefined : challenge,
    scope: scopes.length > 0 ? scopes.join(' ') : undefined,
    max_age: maxAgeSeconds?.toString(),
    resource_metadata: resource?.url,
  }
  return {
    'WWW-Authenticate': toBearerChallenge(parameters),
    // Or no client in a browser could read it. Without Access-Control-Allow-Origin it opens nothing.
    ...(resource !== undefined && { 'Access-Control-Expose-Headers': 'WWW-Authenticate' }),
  }
}

function toBearerChallenge(parameters: Readonly<Record<string, string | undefined>>): string {
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${toQuotedString(value)}`],
  )
  return ['Bearer', written.join(', ')].join(' ').trimEnd()
}

/** Quotes any string for a header: what a header can't hold becomes a space, so that a scope never breaks the answer. */
function toQuotedString(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, ' ').replace(/["\\]/g, '\\$&')}"`
}

import type { Meaning } from './meanings.js'

/** What a challenge says beyond the meaning of its error. */
export interface ChallengeDetails {
  /** After how many seconds another try makes sense, where anybody knows. */
  readonly retryAfterSeconds: number | undefined
  /** The scopes that the request would have needed. */
  readonly requiredScopes: readonly string[]
}

/** A 503 always says when to come back. */
const defaultRetryAfterSeconds = 5

/** Gives the headers that tell a client how to do better: `WWW-Authenticate`, or `Retry-After`, or none. */
export function toChallenge(
  { challenge, status }: Meaning,
  { retryAfterSeconds = defaultRetryAfterSeconds, requiredScopes }: ChallengeDetails,
): Readonly<Record<string, string>> {
  if (challenge !== undefined) return { 'WWW-Authenticate': toBearerChallenge(challenge, requiredScopes) }
  if (status === 503) return { 'Retry-After': String(retryAfterSeconds) }
  return {}
}

function toBearerChallenge(error: NonNullable<Meaning['challenge']>, scopes: readonly string[]): string {
  if (error === 'none') return 'Bearer'
  const scope = scopes.length > 0 ? `, scope=${toQuotedString(scopes.join(' '))}` : ''
  return `Bearer error=${toQuotedString(error)}${scope}`
}

/** Quotes any string for a header: what a header can't hold becomes a space, so that a scope never breaks the answer. */
function toQuotedString(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]/g, ' ').replace(/["\\]/g, '\\$&')}"`
}

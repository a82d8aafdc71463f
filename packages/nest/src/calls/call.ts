import type { AuthorizationHeader } from '@org/zitadel-auth'

/** What is known of a call before its handler runs, whatever has brought it. */
export interface Call {
  /** What comes with this call: contexts are remembered on it. */
  readonly carrier: object
  /** The credentials, or that there are none. */
  readonly header: AuthorizationHeader
}

/** Tells whether a value has a member. */
export function has<Name extends string>(value: unknown, name: Name): value is Readonly<Record<Name, unknown>> {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && name in value
}

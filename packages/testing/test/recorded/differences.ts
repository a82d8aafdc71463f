/** A recorded request that the local ZITADEL answers differently, on purpose. */
interface Difference {
  readonly case: string
  /** One sentence, as in the README. */
  readonly reason: string
}

/** All of them. */
export const differences: readonly Difference[] = [
  {
    case: 'authorize GET without parameters',
    reason: 'People do not log in here: `issueAccessToken` gives the tokens that a login would.',
  },
  { case: 'device_authorization', reason: 'The same.' },
]

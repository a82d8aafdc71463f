import type { ClientAuthenticator } from '../provider/client-authentication.js'

/**
 * Says why ZITADEL believes no credentials of this machine's time; undefined where the clocks are near enough, nobody knows, or the
 * credentials have no time. The words are those of the log, which has others when the clocks agree.
 *
 * @param clockAheadSeconds - by how much this machine's clock is ahead of ZITADEL's
 */
export function explainByClock(
  { explainRefusal }: Pick<ClientAuthenticator, 'explainRefusal'>,
  clockAheadSeconds: number,
): string | undefined {
  const reason = explainRefusal(clockAheadSeconds)
  return reason === explainRefusal(0) ? undefined : reason
}

import type { BearerToken } from '../../request/bearer-token.js'
import { explainInactive } from '../../verification/explain-inactive.js'
import { unexplained } from '../../verification/introspection.js'
import { readVerifiedClaims } from '../../verification/read-claims.js'
import type { VerifiedClaims } from '../../verification/verifier.js'
import { adviseOnAnswer } from '../advise-on-failure.js'
import type { Zitadel } from '../find-zitadel.js'
import { type Advice, type Finding, failed, failedBy, passed, skipped } from '../step.js'
import { adviseAudience } from './advise-scopes.js'
import type { ReadToken } from './read-token.js'
import type { KnownContext } from './token-context.js'

const name = 'token at ZITADEL'

/**
 * Asks ZITADEL about the token. It says of a token that is not good that it is not active and nothing else, so why is inferred: from
 * what the token says of itself, else from whether ZITADEL takes it where the audience does not matter.
 */
export async function askAboutToken(
  { token }: ReadToken,
  context: KnownContext,
  isSigned: boolean,
): Promise<Finding<VerifiedClaims>> {
  const { introspect, isAnonymous, projectId } = context
  if (introspect === undefined)
    return isAnonymous && !isSigned ? unjudged : skipped(name, 'it cannot be asked, see above')
  try {
    const answer = await introspect(token)
    if (answer['active'] !== true) return await explain(token, context, isSigned)
    return passed(name, 'active', readVerifiedClaims(answer, { verifiedBy: 'introspection', projectId }))
  } catch (error) {
    return failedBy(name, error, { advice: adviseOnAnswer(error, context.zitadel.address) })
  }
}

const unjudged = failed(name, 'nobody has judged the token', {
  advice: [{ text: 'Give --key, or --client-id and --client-secret-file, to have ZITADEL judge it.' }],
})

const stillSigned =
  "Its signature is good, so an API with verification: 'jwt' accepts it until it expires, and one with 'auto' unless it asks: see its option revocationCheckSeconds."

async function explain(token: BearerToken, context: KnownContext, isSigned: boolean): Promise<Finding<never>> {
  const reason = explainInactive(token, context.acceptance, context.clock.now() / 1_000)
  const cause: Advice =
    reason === undefined ? await adviseByUserinfo(token, context) : { text: `${reason}: see above.` }
  const advice = isSigned && reason === undefined ? [cause, { text: stillSigned }] : [cause]
  return failed(name, 'ZITADEL says that the token is not active', { advice, isInferred: true })
}

const notForThisApi =
  'its userinfo endpoint takes the token, so the token is neither expired nor revoked, and its audience does not hold'
const good = (projectId: string | undefined): string =>
  `ZITADEL gives no reason, but ${notForThisApi} ${projectId === undefined ? "this API's project" : `the project ${projectId}`}.`

const bad =
  'ZITADEL gives no reason, but its userinfo endpoint does not take the token either, so the audience is not all: it is expired, revoked, replaced by a refreshed one, no access token or of another ZITADEL, or its user is locked or deactivated. The client must get a new one.'

async function adviseByUserinfo(token: BearerToken, context: KnownContext): Promise<Advice> {
  const isTaken = await isTakenByUserinfo(token, context.zitadel)
  if (isTaken === undefined) return { text: `ZITADEL gives no reason: ${unexplained}.` }
  return isTaken ? adviseAudience(context, good(context.projectId)) : { text: bad }
}

/** Tells whether ZITADEL takes the token where its audience does not matter; undefined where nobody knows. */
async function isTakenByUserinfo(
  token: BearerToken,
  { userinfoEndpoint, fetchJson, headers }: Zitadel,
): Promise<boolean | undefined> {
  if (userinfoEndpoint === undefined) return undefined
  try {
    const authorization = { Authorization: `Bearer ${token}` }
    const { status } = await fetchJson(userinfoEndpoint, { method: 'GET', headers: { ...headers, ...authorization } })
    return status === 200 ? true : status === 401 ? false : undefined
  } catch {
    return undefined
  }
}

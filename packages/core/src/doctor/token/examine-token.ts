import type { Acceptance } from '../../verification/require-acceptable.js'
import type { Zitadel } from '../find-zitadel.js'
import { type Finding, type Step, skipped } from '../step.js'
import { askAboutToken } from './ask-about-token.js'
import { checkAudience, checkExpiry, checkIssuer } from './check-claims.js'
import { checkRoles } from './check-roles.js'
import { checkSignature } from './check-signature.js'
import { chooseClaims } from './known-claims.js'
import { type ReadToken, readToken } from './read-token.js'
import type { KnownContext, TokenContext } from './token-context.js'

/** Looks at a token step by step: what it is, what vouches for it, what it claims, and what ZITADEL says of it. */
export async function examineToken(text: string, context: TokenContext): Promise<readonly Step[]> {
  const kind = readToken(text, context.clock)
  if (kind.proof === undefined) return toSteps([kind, ...skipAll('the token is none that an API may accept')])
  if (context.zitadel === undefined) return toSteps([kind, ...skipAll('no ZITADEL was found')])
  const known = { ...context, zitadel: context.zitadel, acceptance: toAcceptance(context, context.zitadel) }
  return toSteps([kind, ...(await examineKnown(kind.proof, known))])
}

const names = ['token issuer', 'token expiry', 'token audience', 'token at ZITADEL', 'token roles'] as const

function skipAll(why: string): readonly Finding<never>[] {
  return names.map((name) => skipped(name, why))
}

/** Tokens name the project, and rarely the client: who does not know the project does not know the audience. */
function toAcceptance({ clientId, projectId }: TokenContext, { address }: Zitadel): Acceptance {
  const audience = projectId === undefined ? undefined : [clientId, projectId].filter((id) => id !== undefined)
  return { issuers: [address.issuer], audience }
}

async function examineKnown(token: ReadToken, context: KnownContext): Promise<readonly Finding<unknown>[]> {
  const signature = token.form === 'jwt' ? [await checkSignature(token, context)] : []
  const signed = signature[0]?.proof
  const answer = await askAboutToken(token, context, signed !== undefined)
  const isUnsigned = signature[0]?.step.status === 'failed'
  const claims = chooseClaims({ token, signed, introspected: answer.proof, isUnsigned })
  return [
    ...signature,
    checkIssuer(claims, context),
    checkExpiry(claims, context),
    checkAudience(claims, context),
    answer,
    checkRoles({ signed, introspected: answer.proof }, context),
  ]
}

function toSteps(findings: readonly Finding<unknown>[]): readonly Step[] {
  return findings.map(({ step }) => step)
}

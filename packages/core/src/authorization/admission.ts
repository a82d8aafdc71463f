import { AuthorizationError, isAuthorizationError } from '../errors/authorization-error.js'
import type { Clock } from '../internal/clock.js'
import type { BearerToken } from '../request/bearer-token.js'
import type { CachedVerifier, Verdict } from '../verification/cached.js'
import type { VerifiedClaims } from '../verification/verifier.js'
import { authorizeAsync } from './authorize.js'
import { type AuthorizationContext, type ContextSource, createAuthorizationContext } from './context.js'
import { findUnmet } from './find-unmet.js'
import { isReadRequirement, type Requirement } from './requirement.js'
import { type RequirementChoice, toRequirement } from './requirement-choice.js'

/** Decides over requests. */
export interface Admission {
  /** Gives the context at once, where the token is cached and meets the requirement; undefined decides nothing. */
  recall(text: string, requirement: RequirementChoice): AuthorizationContext | undefined
  /** Gives the context of a good token that meets the requirement, which a function gives once the token is known to be good. */
  admit(token: BearerToken, requirement: RequirementSource): Promise<AuthorizationContext>
  /** Gives the context, or a newer one of its token, that meets the requirement. */
  reconsider(context: AuthorizationContext, requirement: RequirementChoice): Promise<AuthorizationContext>
}

/** A requirement that has been read, or a function that gives one which has been. */
export type RequirementSource = RequirementChoice | (() => Promise<RequirementChoice>)

interface AdmissionOptions {
  readonly verifier: CachedVerifier
  readonly verification: 'introspection' | 'jwt' | 'auto'
  /** What the contexts are made by. */
  readonly source: ContextSource
  readonly clock: Clock
}

/** Makes an {@link Admission}: token -> claims -> context -> requirement, and around once more before it refuses. */
export function createAdmission({ verifier, verification, source, clock }: AdmissionOptions): Admission {
  async function judge(
    context: AuthorizationContext,
    requirement: Requirement,
    { began, isCurrent }: Pick<Verdict, 'began' | 'isCurrent'>,
  ): Promise<AuthorizationContext> {
    try {
      await authorizeAsync(context, requirement)
      return context
    } catch (error) {
      // A JWT is not the last word where ZITADEL can be asked about it.
      const isFinal = context.verifiedBy === 'introspection' ? isCurrent : verification === 'jwt'
      if (isFinal || !isAuthorizationError(error)) throw error
      const newer = await verifier.verifyAgain(context.token as BearerToken, began)
      if (newer === undefined || saysTheSame(newer, context)) throw error
      const current = createAuthorizationContext(newer, context.token as BearerToken, source)
      await authorizeAsync(current, requirement)
      return current
    }
  }

  return {
    recall(text, requirement) {
      const claims = verifier.recall(text)
      if (claims === undefined) return undefined
      const context = createAuthorizationContext(claims, text as BearerToken, source)
      return requirement === true || isPlainlyMet(context, requirement) ? context : undefined
    },
    async admit(token, required) {
      const verdict = await verifier.verify(token)
      const context = createAuthorizationContext(verdict.claims, token, source)
      const requirement = typeof required === 'function' ? await required() : required
      return judge(context, toRequirement(requirement), verdict)
    },
    async reconsider(context, requirement) {
      const began = verifier.begin()
      if (context.expiresAt !== undefined && context.expiresAt.getTime() <= clock.now()) {
        throw new AuthorizationError('ERR_TOKEN_INVALID', 'the token has expired since its context was made')
      }
      return judge(context, toRequirement(requirement), { began, isCurrent: false })
    },
  }
}

/** A check may take its time, or count: it is asked once, on the way that can wait. */
function isPlainlyMet(context: AuthorizationContext, requirement: Requirement): boolean {
  const isReadAndPlain = isReadRequirement(requirement) && requirement.check === undefined
  return isReadAndPlain && findUnmet(context, requirement) === undefined
}

/** What was not met once is not met by the same answer; and a check is not asked twice about it: it may count, or cost something. */
function saysTheSame(newer: VerifiedClaims, judged: AuthorizationContext): boolean {
  return JSON.stringify(newer.claims) === JSON.stringify(judged.claims)
}

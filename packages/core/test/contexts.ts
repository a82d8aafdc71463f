import { type AuthorizationContext, createAuthorizationContext } from '../src/authorization/context.js'
import type { BearerToken } from '../src/request/bearer-token.js'
import { readVerifiedClaims } from '../src/verification/read-claims.js'
import type { VerifiedClaims } from '../src/verification/verifier.js'

/** A token, which a test need not read off a header. */
export function toToken(text: string): BearerToken {
  return text as BearerToken
}

/** The claims of Ann, as ZITADEL answers; `more` adds some or replaces them. */
export function createClaims(more: object = {}, projectId?: string): VerifiedClaims {
  return readVerifiedClaims(
    { active: true, sub: 'ann', aud: ['api'], ...more },
    { verifiedBy: 'introspection', projectId },
  )
}

/** The context of a request of Ann. */
export function createContext(more: object = {}, projectId?: string): AuthorizationContext {
  return createAuthorizationContext(createClaims(more, projectId), toToken('token-of-ann'), {
    issuer: 'https://zitadel.example',
  })
}

/** The claims that grant roles in the API's own project: role, then organization, then domain. */
export function granting(roles: unknown): object {
  return { 'urn:zitadel:iam:org:project:roles': roles }
}

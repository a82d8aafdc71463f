import { namesOtherProjects } from '../../authorization/role-grants.js'
import { otherProject } from '../../internal/set-up-hints.js'
import type { VerifiedClaims } from '../../verification/verifier.js'
import { nameOptions } from '../name-options.js'
import { quoteAll } from '../quote.js'
import { type Advice, type Finding, failed, passed, skipped, warned } from '../step.js'
import { adviseScopes, toAudienceScope } from './advise-scopes.js'
import type { KnownContext } from './token-context.js'

const name = 'token roles'

type Context = Pick<KnownContext, 'projectId' | 'zitadel' | 'introspect'>

/** What vouches for roles. */
export interface RoleSources {
  readonly signed: VerifiedClaims | undefined
  readonly introspected: VerifiedClaims | undefined
}

/** Looks for roles in the API's project: in ZITADEL's answer, and in the JWT itself. */
export function checkRoles({ signed, introspected }: RoleSources, context: Context): Finding<true> {
  const { projectId, introspect } = context
  if (introspected === undefined) {
    return introspect === undefined ? checkJwtAlone(signed, context) : skipped(name, 'ZITADEL names none, see above')
  }
  if (projectId !== undefined && namesOtherProjects(introspected.claims, projectId)) {
    return failed(name, nameOptions(otherProject(projectId)))
  }
  const roles = Object.keys(introspected.roles)
  if (roles.length === 0)
    return warned(name, "none in this API's project", true, { advice: [adviseNone(introspected)] })
  const detail = quoteAll(roles)
  if (signed === undefined || projectId === undefined || Object.keys(signed.roles).length > 0) {
    return passed(name, detail, true)
  }
  const advice = adviseRolesInJwt(context, "The JWT does not hold them: only verification: 'jwt' would miss them.")
  return warned(name, detail, true, { advice: [advice] })
}

function checkJwtAlone(signed: VerifiedClaims | undefined, context: Context): Finding<true> {
  if (signed === undefined) return skipped(name, 'nobody vouches for them')
  if (context.projectId === undefined) return skipped(name, 'of which project? Give --project-id')
  const roles = Object.keys(signed.roles)
  if (roles.length > 0) return passed(name, quoteAll(roles), true)
  const advice = adviseRolesInJwt(context, 'ZITADEL writes roles into a JWT only when it is told to.')
  return warned(name, 'none in the JWT', true, { advice: [advice] })
}

function adviseRolesInJwt(context: Context, what: string): Advice {
  return adviseScopes(context, what, ['urn:zitadel:iam:org:projects:roles', toAudienceScope(context.projectId)])
}

const someRoles = /^urn:zitadel:iam:org:(project:role|roles:id):/

function adviseNone({ scopes }: VerifiedClaims): Advice {
  if (scopes.some((scope) => someRoles.test(scope))) {
    return {
      text: 'It was asked for with scopes that name some roles or organizations: then ZITADEL tells those alone.',
    }
  }
  return {
    text: 'Where the API requires one, assign it to the user in the Console, under Role Assignments of that project.',
  }
}

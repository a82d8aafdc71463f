import { authenticationOfJwt } from './authentication.js'
import { ownProjectOnly, scopeOfJwt } from './find-unmet.js'
import type { Requirement } from './requirement.js'

/** What decides whether an answer can ever hold what a requirement asks for. */
export interface AnswerSource {
  readonly verification: 'introspection' | 'jwt' | 'auto'
  /** The API's project, where it is known. */
  readonly projectId: string | undefined
}

/**
 * Lets a requirement pass that tokens can meet in this mode of verification. One that never can would refuse everybody, and
 * say so at the first request rather than at startup.
 *
 * @throws `TypeError`: when a scope, or when or how the user has authenticated, is asked for and only JWTs are taken, which say
 * nothing of it, or a role in another project and
 * ZITADEL is always asked, which answers with the roles of the API's own project
 */
export function requireAnswerable(requirement: Requirement, { verification, projectId }: AnswerSource): void {
  const { scope, maxAgeSeconds, amr, inProject } = requirement
  if (scope !== undefined && verification === 'jwt') throw new TypeError(scopeOfJwt)
  if ((maxAgeSeconds ?? amr) !== undefined && verification === 'jwt') throw new TypeError(authenticationOfJwt)
  const isElsewhere = inProject !== undefined && projectId !== undefined && inProject !== projectId
  if (isElsewhere && verification === 'introspection') {
    throw new TypeError(`a requirement asks for a role in the project ${inProject}, and ${ownProjectOnly}`)
  }
}

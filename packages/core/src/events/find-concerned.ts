import type { ForgetTarget } from '../verification/forget-target.js'
import type { ZitadelEvent } from './event.js'

/**
 * Whose cached responses an event makes outdated: those of a user, a token or a session, of everybody (`'all'`), or of
 * nobody (`'nothing'`).
 */
export type Concerned = ForgetTarget | 'all' | 'nothing'

/**
 * Finds whom an event concerns. That is never its creator.
 *
 * @returns `'all'` where ZITADEL names no user, and `'nothing'` for an event that takes nobody's access away
 */
export function findConcerned(event: ZitadelEvent): Concerned {
  const { type } = event
  if (Object.hasOwn(byType, type)) return byType[type]?.(event) ?? 'all'
  return groups.some((group) => type.startsWith(group)) ? 'all' : 'nothing'
}

type Find = (event: ZitadelEvent) => ForgetTarget | undefined

const aggregate: Find = ({ aggregateId }) => toTarget('userId', aggregateId)
const grantee: Find = ({ payload }) => toTarget('userId', payload['userId'])
const session: Find = ({ aggregateId }) => toTarget('sessionId', aggregateId)
const everybody: Find = () => undefined

/** As a real ZITADEL sends them. */
const byType: Readonly<Record<string, Find>> = {
  'user.locked': aggregate,
  'user.deactivated': aggregate,
  'user.removed': aggregate,
  'user.human.signed.out': aggregate,
  'user.token.removed': aggregate,
  'user.pat.removed': (event) => toTarget('tokenId', event.payload['tokenId']) ?? aggregate(event),
  'user.grant.added': grantee,
  'user.grant.changed': grantee,
  'user.grant.removed': grantee,
  'oidc_session.access_token.revoked': session,
  'oidc_session.refresh_token.revoked': session,
  'session.terminated': everybody,
  'project.deactivated': everybody,
  'project.removed': everybody,
  'project.role.removed': everybody,
  'org.deactivated': everybody,
  'org.removed': everybody,
}

/** Of these any event may take roles away from users that it does not name. */
const groups: readonly string[] = ['user.grant.', 'project.grant.']

function toTarget<Name extends 'userId' | 'tokenId' | 'sessionId'>(name: Name, id: unknown): ForgetTarget | undefined {
  return typeof id === 'string' && /^\S+$/.test(id) ? ({ [name]: id } as ForgetTarget) : undefined
}

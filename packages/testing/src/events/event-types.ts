import { takesEventType } from './target.js'

/** The events of ZITADEL that concern access. */
const EVENT_TYPES: readonly string[] = [
  'oidc_session.access_token.added',
  'oidc_session.access_token.revoked',
  'project.role.removed',
  'session.terminated',
  'user.deactivated',
  'user.grant.added',
  'user.grant.cascade.changed',
  'user.grant.cascade.removed',
  'user.grant.changed',
  'user.grant.deactivated',
  'user.grant.reactivated',
  'user.grant.removed',
  'user.human.signed.out',
  'user.impersonated',
  'user.locked',
  'user.pat.removed',
  'user.reactivated',
  'user.removed',
  'user.unlocked',
]

/** Whether it is one of them, or a group that has one of them in it. */
export function isEventChoice(name: unknown): boolean {
  return typeof name === 'string' && EVENT_TYPES.some((type) => takesEventType(name, type))
}

import { randomInt } from 'node:crypto'
import type { Journal } from '../../src/journal.js'
import { type CallZitadel, readText } from './call.js'

/** What the requests of a run have in common. */
export interface RealContext {
  readonly origin: string
  readonly call: CallZitadel
  readonly journal: Journal
  /** The id of the administrator in whose name the run asks. */
  readonly adminId: string
  /** The administrator's organization: everything is made in it. */
  readonly organizationId: string
}

/**
 * Asks who the administrator is.
 *
 * Source: internal/api/oidc/userinfo.go; proto/zitadel/user/v2/user_service.proto, `GetUserByID`.
 */
export async function readAdministrator(call: CallZitadel): Promise<Pick<RealContext, 'adminId' | 'organizationId'>> {
  const adminId = readText(await call({ name: 'userinfo', method: 'GET', path: '/oidc/v1/userinfo' }), 'sub')
  const found = await call({ name: 'GetUserByID', method: 'GET', path: `/v2/users/${adminId}` })
  return { adminId, organizationId: readText(found, 'user', 'details', 'resourceOwner') }
}

/** An id like ZITADEL's own, which are numbers of 18 digits as text. Chosen here, it is in the journal before the request. */
export function createId(): string {
  return `9${[1, 2].map(() => String(randomInt(10 ** 8)).padStart(8, '0')).join('')}0`
}

/** A name that nothing else has: applications of a project must not share one. */
export function createName(): string {
  return `run-${createId()}`
}

/** Keys and tokens end by themselves a day later, should they stay behind. */
export function tomorrow(): string {
  return new Date(Date.now() + 86_400_000).toISOString()
}

import { decodeJwt, jwtVerify } from 'jose'
import type { Change } from '../events/event.js'
import { type Instance, nowSeconds, requireKnown } from '../instance/instance.js'
import type { AccessTokenRecord, User } from '../instance/model.js'
import { createAccessTokenJwt } from './access-token-jwt.js'
import { createOpaqueToken } from './opaque-token.js'

/** What an access token looks like: opaque, or a signed JWT. */
export type AccessTokenType = 'opaque' | 'jwt'

/** The token type a user's own setting asks for. */
export function defaultTokenType(user: User): AccessTokenType {
  return user.kind === 'service' && user.accessTokenType === 'jwt' ? 'jwt' : 'opaque'
}

/** Remembers a token and gives the string that stands for it. */
export function writeAccessToken(instance: Instance, record: AccessTokenRecord, type: AccessTokenType): string {
  instance.accessTokens.set(record.id, record)
  if (record.kind === 'session') recordIssue(instance, record)
  if (type === 'jwt') return createAccessTokenJwt(instance, record)
  const header = record.kind === 'personal' ? { kid: 'oidcKey' } : {}
  const token = createOpaqueToken(`${record.id}:${record.userId}`.length, header)
  instance.opaqueTokens.set(token, record.id)
  return token
}

function recordIssue(instance: Instance, record: AccessTokenRecord): void {
  const id = record.id.split('-')[1]
  // Go writes a duration in nanoseconds.
  const lifetime = (record.expiresAtSeconds - record.issuedAtSeconds) * 1_000_000_000
  const payload = { id, scope: record.scopes, lifetime, reason: record.reason ?? 'auth_request' }
  recordTokenEvent(instance, record, { type: 'oidc_session.access_token.added', userId: 'SYSTEM', payload })
}

/** Finds what a string stands for, if it is an access token of ours that has not expired and whose user is active. */
export async function findActiveToken(instance: Instance, token: string): Promise<AccessTokenRecord | undefined> {
  // ZITADEL reads over spaces at the end of an opaque token.
  const id = instance.opaqueTokens.get(token.trimEnd()) ?? (await readTokenId(instance, token))
  const record = id === undefined ? undefined : instance.accessTokens.get(id)
  if (record === undefined || record.expiresAtSeconds <= nowSeconds(instance)) return undefined
  return instance.deactivated.has(record.userId) || instance.locked.has(record.userId) ? undefined : record
}

/** Forgets an access token: whatever stands for it is inactive from now on. */
export function removeAccessToken(instance: Instance, { id }: AccessTokenRecord): void {
  instance.accessTokens.delete(id)
}

/** Forgets an access token of a login or of the token endpoint, and tells it. */
export function revokeSessionToken(instance: Instance, record: AccessTokenRecord): void {
  removeAccessToken(instance, record)
  recordTokenEvent(instance, record, { type: 'oidc_session.access_token.revoked', userId: undefined, payload: {} })
}

/** The session of a token is the first half of its id. */
function recordTokenEvent(
  instance: Instance,
  { id, userId }: AccessTokenRecord,
  change: Pick<Change, 'type' | 'userId' | 'payload'>,
): void {
  const { organizationId } = requireKnown(instance.users, userId, 'user')
  instance.eventLog.record({ ...change, aggregateId: id.split('-', 1)[0] ?? id, resourceOwner: organizationId })
}

/** Forgets all access tokens of a user. */
export function removeTokensOf(instance: Instance, userId: string): void {
  for (const record of instance.accessTokens.values()) {
    if (record.userId === userId) removeAccessToken(instance, record)
  }
}

/** Finds what a string stands for, if it is an access token of a login or of the token endpoint that was not revoked. */
export function findSessionToken(instance: Instance, token: string): AccessTokenRecord | undefined {
  const record = instance.accessTokens.get(instance.opaqueTokens.get(token) ?? readUnverifiedTokenId(token))
  return record?.kind === 'session' ? record : undefined
}

/** The `jti` of what looks like a JWT of ours, or nothing. */
function readUnverifiedTokenId(token: string): string {
  try {
    return decodeJwt(token).jti ?? ''
  } catch {
    return ''
  }
}

/** The `jti` of a JWT of ours. ID tokens have none, and a logout token's belongs to no access token. */
async function readTokenId(instance: Instance, token: string): Promise<string | undefined> {
  const verified = await jwtVerify(
    token,
    ({ kid = '' }) => {
      const key = instance.signingKeys.findForVerification(kid, instance.now())
      if (key === undefined) throw new Error('no such key')
      return key.publicKey
    },
    { issuer: instance.issuer, currentDate: new Date(instance.now()) },
  ).catch(() => undefined)
  return verified?.payload.jti
}

import type { EventOptions } from '../administration/events.js'
import type { AccessTokenOptions } from '../administration/tokens.js'
import type { IdTokenOptions } from '../tokens/id-token.js'
import type { LogoutTokenOptions } from '../tokens/logout-token.js'
import type { SessionOptions } from '../tokens/sessions.js'
import { signingAlgorithms } from '../tokens/signing-keys.js'
import { members, optional } from './rule.js'
import { date, httpUrl, object, oneOf, scopes, text, texts, wholeSeconds } from './rules.js'
import type { ThingRules } from './things.js'

/** Keys, tokens, and what ZITADEL tells by itself. */
export function tokenParameters(things: ThingRules) {
  const session = {
    scopes: optional(scopes),
    audience: optional(texts),
    expiresInSeconds: optional(wholeSeconds),
    clientId: optional(text),
    actor: optional(things.actor),
    authenticationMethods: optional(texts),
    issuer: optional(httpUrl),
    claims: optional(object),
  } satisfies Record<keyof SessionOptions, unknown>
  const logout = { sessionId: optional(text), issuer: optional(httpUrl) }
  const expiry = optional(members<{ expiresAt: Date }>({ expiresAt: optional(date) }))
  return {
    createApplicationKey: { application: things.keyedApplication, options: expiry },
    createPersonalAccessToken: { user: things.serviceUser, options: expiry },
    removePersonalAccessToken: { token: things.personalAccessToken },
    createServiceUserKey: { user: things.serviceUser, options: expiry },
    createServiceUserSecret: { user: things.serviceUser },
    issueAccessToken: {
      user: things.user,
      options: optional(members<AccessTokenOptions>({ ...session, type: optional(oneOf('opaque', 'jwt')) })),
    },
    issueIdToken: {
      user: things.user,
      options: optional(members<IdTokenOptions>({ ...session, nonce: optional(text), accessToken: optional(text) })),
    },
    issueLogoutToken: {
      user: things.user,
      options: optional(members<LogoutTokenOptions>({ ...logout, clientId: optional(text) })),
    },
    revokeAccessToken: { token: things.accessToken },
    rotateKeys: {
      options: optional(members<{ algorithm: string }>({ algorithm: optional(oneOf(...signingAlgorithms)) })),
    },
    deleteKey: { keyId: things.signingKeyId },
    endSession: {
      user: things.person,
      options: optional(members<{ sessionId: string }>({ sessionId: optional(text) })),
    },
    sendLogoutToken: {
      user: things.person,
      options: members<typeof logout & { application: object }>({ ...logout, application: things.webApplication }),
    },
    sendEvent: {
      type: text,
      options: optional(
        members<EventOptions>({
          aggregateId: optional(text),
          payload: optional(object),
          userId: optional(text),
          resourceOwner: optional(text),
        }),
      ),
    },
  }
}

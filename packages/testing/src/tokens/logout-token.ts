import { type Instance, nowSeconds } from '../instance/instance.js'
import type { User } from '../instance/model.js'
import { signJwt } from './sign-jwt.js'

const LIFETIME_SECONDS = 900
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** The options of a logout token. */
export interface LogoutTokenOptions {
  /** The client id of the application that gets it. Without it, the id of the Console. */
  readonly clientId?: string
  /** The id of the session that ended. Without it, a new id. */
  readonly sessionId?: string
  /** The name of the instance that the user logged in under. Without it, the first one. */
  readonly issuer?: string
}

/**
 * Writes the token that ZITADEL posts to an application when a user has logged out.
 *
 * @see [OpenID Connect Back-Channel Logout, section 2.4](https://openid.net/specs/openid-connect-backchannel-1_0.html#LogoutToken)
 */
export function createLogoutToken(instance: Instance, user: User, options: LogoutTokenOptions = {}): string {
  const { clientId = instance.consoleClientId, sessionId = instance.nextId() } = options
  const issuedAtSeconds = nowSeconds(instance)
  return signJwt(instance.signingKeys.active(), {
    iss: instance.issuer,
    sub: user.id,
    aud: [clientId],
    iat: issuedAtSeconds,
    exp: issuedAtSeconds + LIFETIME_SECONDS,
    jti: instance.nextId(),
    events: { [LOGOUT_EVENT]: {} },
    sid: sessionId,
  })
}

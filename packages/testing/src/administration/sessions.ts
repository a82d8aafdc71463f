import type { Delivery } from '../events/outbox.js'
import { type Instance, requireKnown } from '../instance/instance.js'
import type { ConfidentialWebApplication, HumanUser, WebApplication } from '../instance/model.js'
import { removeAccessToken } from '../tokens/access-tokens.js'
import { createLogoutToken, type LogoutTokenOptions } from '../tokens/logout-token.js'
import { askBy } from './domains.js'

/**
 * The part of {@link LocalZitadel} for the sessions of people.
 *
 * @group Types for the compiler
 */
export interface SessionAdministration {
  /**
   * Ends a person's session: their access tokens are inactive from now on, targets get `session.terminated`, and every
   * application with a `backChannelLogoutUri` gets a logout token.
   *
   * @param user - the person
   * @param options.sessionId - the id of the session. Default: a new id
   */
  endSession(user: HumanUser, options?: { readonly sessionId?: string }): void
  /**
   * Sends a logout token to an application although no session has ended. Resolves when it has responded.
   *
   * @throws `Error`: when the application has no `backChannelLogoutUri`
   */
  sendLogoutToken(
    user: HumanUser,
    options: Omit<LogoutTokenOptions, 'clientId'> & {
      readonly application: WebApplication | ConfidentialWebApplication
    },
  ): Promise<Delivery>
}

const FORM = { 'user-agent': 'Go-http-client/1.1', 'content-type': 'application/x-www-form-urlencoded' }

export function createSessionAdministration(instance: Instance): SessionAdministration {
  const sendTo = (url: string, user: HumanUser, { issuer, ...options }: LogoutTokenOptions) => {
    const logoutToken = createLogoutToken(askBy(instance, issuer), user, options)
    const body = new URLSearchParams({ logout_token: logoutToken }).toString()
    return instance.outbox.send({ url, headers: FORM, body })
  }
  return {
    endSession(user, { sessionId = instance.nextId() } = {}) {
      const { organizationId } = requireKnown(instance.users, user.id, 'user')
      for (const record of instance.accessTokens.values()) {
        if (record.userId === user.id && record.kind === 'session') removeAccessToken(instance, record)
      }
      instance.eventLog.record({
        type: 'session.terminated',
        aggregateId: sessionId,
        resourceOwner: organizationId,
        userId: user.id,
        payload: { triggerOrigin: instance.issuer },
      })
      for (const { clientId, backChannelLogoutUri } of findLogoutApplications(instance))
        void sendTo(backChannelLogoutUri, user, { clientId, sessionId })
    },
    async sendLogoutToken(user, { application: { clientId, backChannelLogoutUri }, ...options }) {
      if (backChannelLogoutUri === undefined) throw new Error('this application has no backChannelLogoutUri')
      return sendTo(backChannelLogoutUri, user, { ...options, clientId })
    },
  }
}

function findLogoutApplications(instance: Instance) {
  return [...instance.applications.values()].flatMap((application) =>
    application.kind === 'web' && application.backChannelLogoutUri !== undefined
      ? [{ clientId: application.clientId, backChannelLogoutUri: application.backChannelLogoutUri }]
      : [],
  )
}

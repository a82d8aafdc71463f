import type { Call } from '../http/call.js'
import { OAuthError } from '../http/oauth-error.js'
import type { Instance } from '../instance/instance.js'
import type { Application } from '../instance/model.js'
import { readUnverifiedIssuer } from './assertion.js'
import { findActiveApplication } from './authenticate-client.js'
import { type ClientCredentials, readClientCredentials } from './credentials.js'

/**
 * Gives the web application that revokes a token, or wants one for a person. To ZITADEL, APIs and service accounts are no
 * clients here. A public application is believed when it names itself: it has nothing to prove it with.
 *
 * @throws `OAuthError`: `invalid_client` for every other client, and for a wrong secret.
 */
export function authenticateWebClient(instance: Instance, call: Call): Application {
  const credentials = readClientCredentials(call)
  const application = findActiveApplication(instance, readClientId(credentials))
  if (application?.kind !== 'web') throw new OAuthError('invalid_client', 'no active client not found')
  if (application.authMethod === 'none') return application
  if (credentials.kind !== 'secret') throw new OAuthError('invalid_client', 'empty client secret')
  if (credentials.clientSecret !== application.clientSecret) throw new OAuthError('invalid_client', 'invalid secret')
  return application
}

function readClientId(credentials: ClientCredentials): string {
  if (credentials.kind !== 'assertion') return credentials.clientId
  const clientId = readUnverifiedIssuer(credentials.assertion)
  if (clientId === undefined) throw new OAuthError('invalid_client')
  return clientId
}

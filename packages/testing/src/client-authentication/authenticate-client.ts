import { OAuthError } from '../http/oauth-error.js'
import type { Instance } from '../instance/instance.js'
import type { Application } from '../instance/model.js'
import { AssertionRefused, readUnverifiedIssuer, verifyAssertion } from './assertion.js'
import type { ClientCredentials } from './credentials.js'

type ProvenCredentials = Exclude<ClientCredentials, { kind: 'public' }>

/**
 * Gives the application the credentials prove. Nothing, when the assertion cannot even be read:
 * ZITADEL answers that with `{"active":false}`, as if the token were to blame.
 *
 * @throws `OAuthError`: `unauthorized_client`, without a reason, for everything else that is wrong.
 */
export async function authenticateClient(
  instance: Instance,
  credentials: ProvenCredentials,
): Promise<Application | undefined> {
  if (credentials.kind === 'secret') return authenticateBySecret(instance, credentials)
  const clientId = readUnverifiedIssuer(credentials.assertion)
  if (clientId === undefined) return undefined
  const application = requireActiveApplication(instance, clientId)
  await verifyAssertion(instance, credentials.assertion).catch(toUnauthorized)
  return application
}

/** An application created for private keys has no secret that could match. */
function authenticateBySecret(
  instance: Instance,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
): Application {
  const application = requireActiveApplication(instance, clientId)
  if (application.authMethod === 'basic' && application.clientSecret === clientSecret) return application
  throw new OAuthError('unauthorized_client')
}

/** Finds the application with this client id, unless it, its project or its organization was deactivated. */
export function findActiveApplication(instance: Instance, clientId: string): Application | undefined {
  const application = instance.applications.get(clientId)
  const project = instance.projects.get(application?.projectId ?? '')
  const path = [clientId, project?.id, project?.organizationId]
  return path.some((id) => id === undefined || instance.deactivated.has(id)) ? undefined : application
}

function requireActiveApplication(instance: Instance, clientId: string): Application {
  const application = findActiveApplication(instance, clientId)
  if (application === undefined) throw new OAuthError('unauthorized_client')
  return application
}

function toUnauthorized(error: unknown): never {
  throw error instanceof AssertionRefused ? new OAuthError('unauthorized_client') : error
}

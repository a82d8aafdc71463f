import type { Instance } from '../instance/instance.js'
import { type ApplicationAdministration, createApplicationAdministration } from './applications.js'
import { createDomainAdministration, type DomainAdministration } from './domains.js'
import { createEventAdministration, type EventAdministration } from './events.js'
import { createGrantAdministration, type GrantAdministration } from './grants.js'
import { createUserGroupAdministration, type UserGroupAdministration } from './groups.js'
import { createOrganizationAdministration, type OrganizationAdministration } from './organizations.js'
import { createProjectAdministration, type ProjectAdministration } from './projects.js'
import { createServiceUserCredentials, type ServiceUserCredentials } from './service-user-credentials.js'
import { createSessionAdministration, type SessionAdministration } from './sessions.js'
import { createTokenAdministration, type TokenAdministration } from './tokens.js'
import { createUserAdministration, type UserAdministration } from './users.js'

/** What you can do in the Console, and what only a test can do. */
export interface Administration
  extends DomainAdministration,
    OrganizationAdministration,
    ProjectAdministration,
    ApplicationAdministration,
    UserAdministration,
    UserGroupAdministration,
    ServiceUserCredentials,
    GrantAdministration,
    TokenAdministration,
    SessionAdministration,
    EventAdministration {}

export function createAdministration(instance: Instance): Administration {
  return {
    ...createDomainAdministration(instance),
    ...createOrganizationAdministration(instance),
    ...createProjectAdministration(instance),
    ...createApplicationAdministration(instance),
    ...createUserAdministration(instance),
    ...createUserGroupAdministration(instance),
    ...createServiceUserCredentials(instance),
    ...createGrantAdministration(instance),
    ...createTokenAdministration(instance),
    ...createSessionAdministration(instance),
    ...createEventAdministration(instance),
  }
}

/**
 * A local ZITADEL for development and tests: it issues, introspects and revokes tokens as ZITADEL does. Start with
 * {@link startLocalZitadel}.
 *
 * @module @org/zitadel-auth-testing
 */

// In the order of the reference: what one looks up first.

export { type LocalZitadel, type LocalZitadelOptions, startLocalZitadel } from './local-zitadel.js'

// A setup at once.

export { type GuideSetUp, setUpGuide } from './guide.js'

// What there is in it.

export type {
  Actor,
  ApiApplication,
  Application,
  BasicApplication,
  ConfidentialWebApplication,
  HumanUser,
  JwtApplication,
  Organization,
  Project,
  ServiceUser,
  User,
  UserGroup,
  WebApplication,
} from './instance/model.js'

// The arguments and results of its functions.

export type { ApplicationKey, WebApplicationOptions } from './administration/applications.js'
export type { EventOptions, TargetOptions } from './administration/events.js'
export type { GrantOptions, RevokeOptions } from './administration/grants.js'
export type { UserGroupOptions } from './administration/groups.js'
export type { ProjectOptions } from './administration/projects.js'
export type { ServiceUserKey } from './administration/service-user-credentials.js'
export type { AccessTokenOptions, PublishedKey } from './administration/tokens.js'
export type { HumanUserOptions, ServiceUserOptions } from './administration/users.js'
export type { EndpointChoice, EndpointName } from './control/endpoint-name.js'
export type { Fault, FaultyAnswer } from './control/faults.js'
export type { Hold } from './control/gate.js'
export type { Outage } from './control/outages.js'
export type { RequestCounts } from './control/request-counts.js'
export type { Delivery } from './events/outbox.js'
export type { Target } from './events/target.js'
export type { AccessTokenType } from './tokens/access-tokens.js'
export type { IdTokenOptions } from './tokens/id-token.js'
export type { LogoutTokenOptions } from './tokens/logout-token.js'
export type { SessionOptions } from './tokens/sessions.js'
export type { SigningAlgorithm } from './tokens/signing-keys.js'

// Types for the compiler.

export type { ApplicationAdministration } from './administration/applications.js'
export type { DomainAdministration } from './administration/domains.js'
export type { EventAdministration } from './administration/events.js'
export type { GrantAdministration } from './administration/grants.js'
export type { UserGroupAdministration } from './administration/groups.js'
export type { OrganizationAdministration } from './administration/organizations.js'
export type { ProjectAdministration } from './administration/projects.js'
export type { ServiceUserCredentials } from './administration/service-user-credentials.js'
export type { SessionAdministration } from './administration/sessions.js'
export type { TokenAdministration } from './administration/tokens.js'
export type { UserAdministration } from './administration/users.js'

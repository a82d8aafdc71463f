/**
 * A local ZITADEL for development and tests.
 *
 * @packageDocumentation
 */

export type {
  ApplicationAdministration,
  ApplicationKey,
  WebApplicationOptions,
} from './administration/applications.js'
export type { DomainAdministration } from './administration/domains.js'
export type { EventAdministration, EventOptions, TargetOptions } from './administration/events.js'
export type { GrantAdministration, GrantOptions, RevokeOptions } from './administration/grants.js'
export type { UserGroupAdministration, UserGroupOptions } from './administration/groups.js'
export type { OrganizationAdministration } from './administration/organizations.js'
export type { ProjectAdministration, ProjectOptions } from './administration/projects.js'
export type { ServiceUserCredentials, ServiceUserKey } from './administration/service-user-credentials.js'
export type { SessionAdministration } from './administration/sessions.js'
export type { AccessTokenOptions, PublishedKey, TokenAdministration } from './administration/tokens.js'
export type { HumanUserOptions, ServiceUserOptions, UserAdministration } from './administration/users.js'
export type { EndpointChoice, EndpointName } from './control/endpoint-name.js'
export type { Fault, FaultyAnswer } from './control/faults.js'
export type { Hold } from './control/gate.js'
export type { Outage } from './control/outages.js'
export type { RequestCounts } from './control/request-counts.js'
export type { Delivery } from './events/outbox.js'
export type { Target } from './events/target.js'
export { type GuideSetUp, setUpGuide } from './guide.js'
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
export { type LocalZitadel, type LocalZitadelOptions, startLocalZitadel } from './local-zitadel.js'
export type { AccessTokenType } from './tokens/access-tokens.js'
export type { IdTokenOptions } from './tokens/id-token.js'
export type { LogoutTokenOptions } from './tokens/logout-token.js'
export type { SessionOptions } from './tokens/sessions.js'
export type { SigningAlgorithm } from './tokens/signing-keys.js'

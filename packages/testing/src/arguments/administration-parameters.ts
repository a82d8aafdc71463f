import type { WebApplicationOptions } from '../administration/applications.js'
import type { TargetOptions } from '../administration/events.js'
import type { GrantOptions } from '../administration/grants.js'
import type { UserGroupOptions } from '../administration/groups.js'
import type { ProjectOptions } from '../administration/projects.js'
import type { HumanUserOptions, ServiceUserOptions } from '../administration/users.js'
import { isEventChoice } from '../events/event-types.js'
import { all, createRule, isPlainObject, members, optional, type Rule } from './rule.js'
import { boolean, hostname, httpUrl, oneOf, text, texts, textsByName } from './rules.js'
import type { ThingRules } from './things.js'

const events = createRule(
  'events that concern access, or groups of them like user.grant.*, in a list',
  (value) => Array.isArray(value) && value.every(isEventChoice),
)
const oneChoice = createRule(
  'either role or roles',
  (value) => isPlainObject(value) && (value['role'] === undefined) !== (value['roles'] === undefined),
)

/** What is set up, and changed, in the Console. */
export function administrationParameters(things: ThingRules) {
  const organizationId = optional(things.organizationId)
  const choice = all(
    members<GrantOptions>({
      project: things.project,
      role: optional(text),
      roles: optional(texts),
      organizationId,
    }),
    oneChoice,
  )
  const user = { userName: text, loginName: optional(text), name: optional(text), organizationId }
  const ofProject = { project: things.project }
  const ofRole = { ...ofProject, role: text }
  const ofUser = { user: things.user }
  const ofOrganization = { organization: things.organization }
  const ofApplication = { application: things.application }
  const ofMembership = { ...ofUser, group: things.group }
  return {
    addCustomDomain: { hostname },
    createOrganization: {
      options: members<{ name: string; primaryDomain: string }>({ name: text, primaryDomain: optional(text) }),
    },
    deactivateOrganization: ofOrganization,
    reactivateOrganization: ofOrganization,
    createProject: {
      options: members<ProjectOptions>({ name: text, organizationId, roleAssertion: optional(boolean) }),
    },
    createRole: ofRole,
    removeRole: ofRole,
    deactivateProject: ofProject,
    reactivateProject: ofProject,
    createApiApplication: {
      ...ofProject,
      options: optional(
        members<{ name: string; authMethod: string }>({
          name: optional(text),
          authMethod: optional(oneOf('private_key_jwt', 'basic')),
        }),
      ),
    },
    createWebApplication: { ...ofProject, options: optional(webApplication) },
    removeApplicationKey: { key: things.key },
    deactivateApplication: ofApplication,
    reactivateApplication: ofApplication,
    createServiceUser: {
      options: members<ServiceUserOptions>({ ...user, accessTokenType: optional(oneOf('bearer', 'jwt')) }),
    },
    createHumanUser: { options: members<HumanUserOptions>({ ...user, ...profile }) },
    setMetadata: { ...ofUser, metadata: textsByName },
    deactivateUser: ofUser,
    reactivateUser: ofUser,
    lockUser: ofUser,
    unlockUser: ofUser,
    removeUser: ofUser,
    createUserGroup: { options: members<UserGroupOptions>({ name: text, organizationId }) },
    addToUserGroup: ofMembership,
    removeFromUserGroup: ofMembership,
    grantRole: { ...ofUser, options: choice },
    revokeRole: { ...ofUser, options: choice },
    createTarget: {
      options: members<TargetOptions>({ endpoint: httpUrl, events: optional(events), signingKey: optional(text) }),
    },
    removeTarget: { target: things.target },
  }
}

const webApplication: Rule = members<WebApplicationOptions & { authMethod: string }>({
  name: optional(text),
  authMethod: optional(oneOf('none', 'basic')),
  accessTokenRoleAssertion: optional(boolean),
  idTokenUserinfoAssertion: optional(boolean),
  backChannelLogoutUri: optional(httpUrl),
  tokenExchange: optional(boolean),
})

const profile = {
  givenName: optional(text),
  familyName: optional(text),
  nickName: optional(text),
  gender: optional(oneOf('female', 'male', 'diverse')),
  locale: optional(text),
  email: optional(text),
  emailVerified: optional(boolean),
  phone: optional(text),
  phoneVerified: optional(boolean),
}

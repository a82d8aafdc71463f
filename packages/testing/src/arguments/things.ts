import type { Instance } from '../instance/instance.js'
import type { Application, User } from '../instance/model.js'
import { findSessionToken } from '../tokens/access-tokens.js'
import { createRule, isPlainObject, type Rule } from './rule.js'

/** What one instance knows. A copy is as good as what was made here: ids count. */
export function createThingRules(instance: Instance) {
  const findUser = (value: unknown) => find(instance.users, value, 'id')
  const findApplication = (value: unknown) => find(instance.applications, value, 'clientId')
  const user = (kind: string, isMet: (user: User) => boolean) => known(kind, (value) => test(findUser(value), isMet))
  const application = (kind: string, isMet: (application: Application) => boolean) =>
    known(kind, (value) => test(findApplication(value), isMet))

  return {
    organization: known('an organization', (value) => find(instance.organizations, value, 'id') !== undefined),
    organizationId: known('the id of an organization', (value) => has(instance.organizations, value)),
    project: known('a project', (value) => find(instance.projects, value, 'id') !== undefined),
    user: user('a user', () => true),
    serviceUser: user('a service account', ({ kind }) => kind === 'service'),
    person: user('a person', ({ kind }) => kind === 'human'),
    group: known('a group', (value) => find(instance.userGroups, value, 'id') !== undefined),
    application: application('an application', () => true),
    keyedApplication: application('a private_key_jwt application', (app) => app.authMethod === 'private_key_jwt'),
    webApplication: application('a web application', ({ kind }) => kind === 'web'),
    key: known('a key', (value) => find(instance.keys, value, 'keyId') !== undefined),
    target: known('a target', (value) => find(instance.eventLog.targets, value, 'id') !== undefined),
    personalAccessToken: known('a personal access token', (value) => isPersonalAccessToken(instance, value)),
    accessToken: known(
      'an access token of a session',
      (value) => typeof value === 'string' && findSessionToken(instance, value) !== undefined,
    ),
    signingKeyId: known('the id of a web key', (value) =>
      instance.signingKeys.all().some(({ keyId }) => keyId === value),
    ),
    actor: createRule('a user, or { id, actor } of one', (value) => isActor(instance, value)),
  }
}

export type ThingRules = ReturnType<typeof createThingRules>

function known(kind: string, isMet: (value: unknown) => boolean): Rule {
  return createRule(`${kind} of this local ZITADEL`, isMet)
}

function test<T>(found: T | undefined, isMet: (found: T) => boolean): boolean {
  return found !== undefined && isMet(found)
}

function has(things: ReadonlyMap<string, unknown>, id: unknown): boolean {
  return typeof id === 'string' && things.has(id)
}

function find<T>(things: ReadonlyMap<string, T>, value: unknown, member: 'id' | 'clientId' | 'keyId'): T | undefined {
  if (!isPlainObject(value)) return undefined
  const id = value[member]
  return typeof id === 'string' ? things.get(id) : undefined
}

/** The token of a user who was locked or removed is still one, though nothing stands behind it. */
function isPersonalAccessToken({ opaqueTokens, accessTokens }: Instance, value: unknown): boolean {
  if (typeof value !== 'string' || !opaqueTokens.has(value)) return false
  return accessTokens.get(opaqueTokens.get(value) ?? '')?.kind !== 'session'
}

function isActor(instance: Instance, value: unknown): boolean {
  const acting: unknown = find(instance.users, value, 'id')
  if (!isPlainObject(value) || acting === undefined) return false
  if (value === acting) return true
  const isClosed = Object.keys(value).every((name) => name === 'id' || name === 'actor')
  return isClosed && (value['actor'] === undefined || isActor(instance, value['actor']))
}

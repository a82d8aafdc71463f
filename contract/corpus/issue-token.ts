import { randomBytes } from 'node:crypto'
import type { LocalZitadel, ServiceUser } from '@org/zitadel-auth-testing'
import type { World } from '../src/world.js'
import type { IssuedToken } from './recipe.js'

/** Makes the function that has ZITADEL issue tokens, with the users they are for. */
export function createIssuer(world: World, other: LocalZitadel): (token: IssuedToken) => string {
  const { zitadel, project } = world
  const name = () => `corpus-${randomBytes(6).toString('hex')}`
  const createUser = (...roles: readonly string[]): ServiceUser => {
    const user = zitadel.createServiceUser({ userName: name() })
    if (roles.length > 0) zitadel.grantRole(user, { project, roles })
    return user
  }
  for (const role of ['__proto__', 'constructor']) zitadel.createRole(project, role)
  const admin = createUser('admin')
  const nobody = createUser()
  const oddRoles = createUser('__proto__', 'constructor')
  const rolesScope = 'urn:zitadel:iam:org:projects:roles'
  const scopes = ['openid', `urn:zitadel:iam:org:project:id:${project.id}:aud`, rolesScope]
  const injected = {
    scope: 'openid admin urn:zitadel:iam:org:project:role:admin',
    roles: ['admin'],
    role: 'admin',
    groups: ['admin'],
    permissions: ['admin'],
    'urn:zitadel:iam:action:roles': { admin: { [project.organizationId]: 'local.example' } },
    [`urn:zitadel:project:${project.id}:roles`]: { admin: { [project.organizationId]: 'local.example' } },
    amr: ['mfa'],
    username: 'admin',
    email: 'admin@zitadel.example',
    email_verified: true,
  }
  const makers: Readonly<Record<IssuedToken, () => string>> = {
    'access JWT of an admin': () => zitadel.issueAccessToken(admin, { type: 'jwt', scopes }),
    'access JWT of a user without roles': () => zitadel.issueAccessToken(nobody, { type: 'jwt', scopes }),
    'access JWT of a user without roles, with claims of an Action': () =>
      zitadel.issueAccessToken(nobody, { type: 'jwt', scopes, claims: injected }),
    'access JWT of an admin of another project': () => issueForAnotherProject(world, name()),
    'access JWT of an admin, for another project': () =>
      zitadel.issueAccessToken(admin, { type: 'jwt', scopes, audience: ['another-project'] }),
    'access JWT of an admin, expired': () =>
      zitadel.issueAccessToken(admin, { type: 'jwt', scopes, expiresInSeconds: -1 }),
    'access JWT of an admin of another ZITADEL': () =>
      other.issueAccessToken(other.createServiceUser({ userName: name() }), { type: 'jwt', audience: [project.id] }),
    'access JWT of a user with the roles __proto__ and constructor': () =>
      zitadel.issueAccessToken(oddRoles, { type: 'jwt', scopes }),
    'opaque token of an admin': () => zitadel.issueAccessToken(admin, { type: 'opaque', scopes }),
    'opaque token of a user without roles': () => zitadel.issueAccessToken(nobody, { type: 'opaque', scopes }),
    'personal access token of an admin': () => zitadel.createPersonalAccessToken(admin),
    'personal access token of a user without roles': () => zitadel.createPersonalAccessToken(nobody),
    'ID token of an admin': () => zitadel.issueIdToken(admin, { scopes, audience: [project.id] }),
    'ID token of an admin, with claims of an Action': () =>
      zitadel.issueIdToken(admin, { scopes, audience: [project.id], claims: { jti: 'V2_1-at_2' } }),
    'ID token of an admin, with all claims of an access token by an Action': () =>
      zitadel.issueIdToken(admin, { scopes, audience: [project.id], claims: { jti: 'V2_1-at_2', nbf: 0 } }),
    'ID token of an admin, with nonce and at_hash': () =>
      zitadel.issueIdToken(admin, { scopes, audience: [project.id], nonce: 'nonce', accessToken: 'token' }),
    'logout token of an admin': () => zitadel.issueLogoutToken(admin, { clientId: project.id }),
  }
  return (token) => makers[token]()
}

/** A person who is an admin of the web application's project: the claim without a project id speaks of that one. */
function issueForAnotherProject({ zitadel, project }: World, userName: string): string {
  const shop = zitadel.createProject({ name: userName })
  zitadel.createRole(shop, 'admin')
  const web = zitadel.createWebApplication(shop, { accessTokenRoleAssertion: true })
  const person = zitadel.createHumanUser({ userName })
  zitadel.grantRole(person, { project: shop, role: 'admin' })
  const scopes = ['openid', `urn:zitadel:iam:org:project:id:${project.id}:aud`, 'urn:zitadel:iam:org:projects:roles']
  return zitadel.issueAccessToken(person, { type: 'jwt', clientId: web.clientId, scopes })
}

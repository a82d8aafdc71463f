import { type LocalZitadel, type ServiceUser, startLocalZitadel } from '@org/zitadel-auth-testing'
import type { User, ZitadelAdministration } from './administration.js'
import { scopesFor } from './scopes.js'

type LocalUser = ReturnType<LocalZitadel['createHumanUser']> | ServiceUser

/** Starts a local ZITADEL, with the administration that a real one has too. */
export async function openLocalZitadel(): Promise<ZitadelAdministration> {
  const zitadel = await startLocalZitadel()
  const projects = createShelf<ReturnType<LocalZitadel['createProject']>>()
  const applications = createShelf<ReturnType<typeof createApplication>>()
  const users = createShelf<LocalUser>()
  const grants = createShelf<() => unknown>()
  let made = 0
  const nextName = (): string => `run-${++made}`
  const createApplication = (projectId: string) => zitadel.createApiApplication(projects.take(projectId))
  const takeAccount = ({ id }: User): ServiceUser => users.take(id) as ServiceUser

  return {
    domain: zitadel.domain,
    async createProject() {
      const project = zitadel.createProject({ name: nextName() })
      return projects.put(project.id, project)
    },
    createRole: async ({ id }, role) => void zitadel.createRole(projects.take(id), role),
    async createApplication({ id: projectId }) {
      const application = createApplication(projectId)
      applications.put(application.appId, application)
      return { id: application.appId, clientId: application.clientId, projectId }
    },
    async createApplicationWithSecret({ id }) {
      const { clientId, clientSecret } = zitadel.createApiApplication(projects.take(id), { authMethod: 'basic' })
      return { clientId, clientSecret }
    },
    createApplicationKey: async ({ id }) => zitadel.createApplicationKey(applications.take(id)),
    removeApplicationKey: async (_, key) => zitadel.removeApplicationKey(key),
    async createServiceAccount(type) {
      const accessTokenType = type === 'jwt' ? 'jwt' : 'bearer'
      const account = zitadel.createServiceUser({ userName: nextName(), accessTokenType })
      return users.put(account.id, account)
    },
    async createPersonalAccessToken(account) {
      const token = zitadel.createPersonalAccessToken(takeAccount(account))
      return { id: token, token }
    },
    removePersonalAccessToken: async (_, { token }) => zitadel.removePersonalAccessToken(token),
    createServiceAccountKey: async (account) => zitadel.createServiceUserKey(takeAccount(account)),
    async createServiceAccountSecret(account) {
      const known = takeAccount(account)
      return { clientId: known.loginName, clientSecret: zitadel.createServiceUserSecret(known) }
    },
    async createPerson() {
      const person = zitadel.createHumanUser({ userName: nextName() })
      return users.put(person.id, person)
    },
    async logIn({ id }, project, type) {
      const { clientId } = zitadel.createWebApplication(projects.take(project.id), { accessTokenRoleAssertion: true })
      return zitadel.issueAccessToken(users.take(id), { type, clientId, scopes: scopesFor(project) })
    },
    async grantRole({ id }, project, role) {
      const user = users.take(id)
      const choice = { project: projects.take(project.id), role }
      zitadel.grantRole(user, choice)
      const grantId = nextName()
      grants.put(grantId, () => zitadel.revokeRole(user, choice))
      return { id: grantId }
    },
    removeGrant: async ({ id }) => void grants.take(id)(),
    lockUser: async ({ id }) => zitadel.lockUser(users.take(id)),
    deactivateUser: async ({ id }) => zitadel.deactivateUser(users.take(id)),
    removeAll: () => zitadel.close(),
  }
}

/** What was made, by its id: the administration hands out no more than a real ZITADEL would. */
function createShelf<T>() {
  const things = new Map<string, T>()
  return {
    put(id: string, thing: T): { readonly id: string } {
      things.set(id, thing)
      return { id }
    },
    take(id: string): T {
      const thing = things.get(id)
      if (thing === undefined) throw new Error('this local ZITADEL has no such thing')
      return thing
    },
  }
}

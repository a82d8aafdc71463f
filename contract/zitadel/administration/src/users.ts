import type { ZitadelAdministration } from '../../src/administration.js'
import { type Call, readText } from './call.js'
import { createId, createName, type RealContext, tomorrow } from './context.js'
import { readKey } from './projects.js'

/** What a run does with service accounts, and with what users may do. */
type UserSteps = Pick<
  ZitadelAdministration,
  | 'createServiceAccount'
  | 'createPersonalAccessToken'
  | 'removePersonalAccessToken'
  | 'createServiceAccountKey'
  | 'createServiceAccountSecret'
  | 'grantRole'
  | 'removeGrant'
  | 'lockUser'
  | 'deactivateUser'
>

const accessTokenTypes = { opaque: 'ACCESS_TOKEN_TYPE_BEARER', jwt: 'ACCESS_TOKEN_TYPE_JWT' } as const

/**
 * Makes the steps over ZITADEL's API.
 *
 * Source: proto/zitadel/user/v2/user_service.proto, proto/zitadel/authorization/v2/authorization_service.proto.
 */
export function createUserSteps(context: RealContext): UserSteps {
  const { call, organizationId } = context
  const ofUser = (name: string, id: string, rest: string, body: object = {}) =>
    call({ name, path: `/v2/users/${id}/${rest}`, body })
  const inAuthorizations = (name: string, body: object) =>
    call({ name, path: `/zitadel.authorization.v2.AuthorizationService/${name}`, body })

  return {
    createServiceAccount: (type) =>
      createUser(context, { machine: { name: 'run', accessTokenType: accessTokenTypes[type] } }),
    async createPersonalAccessToken({ id }) {
      const made = await ofUser('AddPersonalAccessToken', id, 'pats', { expirationDate: tomorrow() })
      return { id: readText(made, 'tokenId'), token: readText(made, 'token') }
    },
    async removePersonalAccessToken({ id }, token) {
      const path = `/v2/users/${id}/pats/${token.id}`
      await call({ name: 'RemovePersonalAccessToken', method: 'DELETE', path })
    },
    async createServiceAccountKey({ id }) {
      return readKey(await ofUser('AddKey', id, 'keys', { expirationDate: tomorrow() }), 'keyContent')
    },
    async createServiceAccountSecret({ id }) {
      const made = await ofUser('AddSecret', id, 'secret')
      const found = await call(getUser(id))
      // In an instance whose user names end with the domain, the client id is more than the user name.
      const clientId = readText(found, 'user', 'preferredLoginName')
      return { clientId, clientSecret: readText(made, 'clientSecret') }
    },
    async grantRole({ id: userId }, { id: projectId }, role) {
      const grant = { userId, projectId, organizationId, roleKeys: [role] }
      return { id: readText(await inAuthorizations('CreateAuthorization', grant), 'id') }
    },
    removeGrant: async ({ id }) => void (await inAuthorizations('DeleteAuthorization', { id })),
    lockUser: async ({ id }) => void (await ofUser('LockUser', id, 'lock')),
    deactivateUser: async ({ id }) => void (await ofUser('DeactivateUser', id, 'deactivate')),
  }
}

/** Creates a user of a kind in the run's organization. */
export async function createUser({ call, journal, organizationId }: RealContext, kind: object) {
  const userId = createId()
  journal.add({ kind: 'user', id: userId })
  const body = { organizationId, userId, username: createName(), ...kind }
  await call({ name: 'CreateUser', path: '/v2/users/new', body })
  return { id: userId }
}

function getUser(id: string): Call {
  return { name: 'GetUserByID', method: 'GET', path: `/v2/users/${id}` }
}

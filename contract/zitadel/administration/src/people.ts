import { randomBytes } from 'node:crypto'
import type { AccessTokenType, Project, ZitadelAdministration } from '../../src/administration.js'
import { scopesFor } from '../../src/scopes.js'
import { readText } from './call.js'
import { redirectUri, runCodeFlow, type Session } from './code-flow.js'
import { createName, type RealContext } from './context.js'
import { createUser } from './users.js'

/** What a run does with people. */
type PeopleSteps = Pick<ZitadelAdministration, 'createPerson' | 'logIn'>

const tokenTypes = { opaque: 'OIDC_TOKEN_TYPE_BEARER', jwt: 'OIDC_TOKEN_TYPE_JWT' } as const

/**
 * Makes people who log in without a browser: the run takes the part of the login pages, as everybody may who writes their own.
 *
 * Source: proto/zitadel/session/v2/session_service.proto, proto/zitadel/user/v2/user_service.proto.
 */
export function createPeopleSteps(context: RealContext): PeopleSteps {
  const passwords = new Map<string, string>()
  return {
    async createPerson() {
      const password = `Aa1!${randomBytes(18).toString('base64url')}`
      const person = await createUser(context, {
        human: {
          profile: { givenName: 'Run', familyName: 'Person' },
          email: { email: 'run@example.com', isVerified: true },
          password: { password, changeRequired: false },
        },
      })
      passwords.set(person.id, password)
      return person
    },
    async logIn(person, project, type) {
      const password = passwords.get(person.id)
      const session = await startSession(context, { user: { userId: person.id }, password: { password } })
      const clientId = await createWebApplication(context, project, type)
      return runCodeFlow(context, session, { clientId, scopes: scopesFor(project) })
    },
  }
}

/** A session with a lifetime, so that it does not stay behind: its user is removed, and it is not. */
async function startSession({ call }: RealContext, checks: object): Promise<Session> {
  const body = { checks, lifetime: '3600s' }
  const made = await call({ name: 'CreateSession', path: '/v2/sessions', body })
  return { sessionId: readText(made, 'sessionId'), sessionToken: readText(made, 'sessionToken') }
}

async function createWebApplication({ call }: RealContext, { id }: Project, type: AccessTokenType): Promise<string> {
  const made = await call({
    name: 'CreateApplication',
    path: '/zitadel.application.v2.ApplicationService/CreateApplication',
    body: {
      projectId: id,
      name: createName(),
      oidcConfiguration: {
        redirectUris: [redirectUri],
        responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
        grantTypes: ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE'],
        applicationType: 'OIDC_APP_TYPE_WEB',
        authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
        // Plain http in the redirect address.
        developmentMode: true,
        accessTokenType: tokenTypes[type],
        accessTokenRoleAssertion: true,
      },
    },
  })
  return readText(made, 'oidcConfiguration', 'clientId')
}

import { describe, expect, it } from 'vitest'
import type { Application, ApplicationKey, ZitadelAdministration } from '../../src/administration.js'
import { openRecorded, openWith } from './recorded.js'

// The paths and bodies are those of proto/zitadel of github.com/zitadel/zitadel, of July 2026:
// user/v2/user_service.proto, project/v2/project_service.proto, application/v2/application_service.proto,
// authorization/v2/authorization_service.proto, session/v2/session_service.proto, oidc/v2/oidc_service.proto.
const id = expect.stringMatching(/^9\d{17}$/)
const name = expect.stringMatching(/^run-9\d{17}$/)
const aMoment = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
const toBase64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64')

const project = { id: 'p1' }
const user = { id: 'u1' }
const application: Application = { id: 'a1', clientId: 'c1', projectId: 'p1' }
const key: ApplicationKey = { type: 'application', keyId: 'k1', key: 'pem', appId: 'a1', clientId: 'c1' }
const userKey = { type: 'serviceaccount', keyId: 'k2', key: 'pem', userId: 'u1', expirationDate: 'x' }

interface Step {
  readonly take: (zitadel: ZitadelAdministration) => Promise<unknown>
  readonly request: string
  readonly body?: unknown
  readonly answer?: unknown
  readonly gives?: unknown
}

const inProjects = 'POST /zitadel.project.v2.ProjectService'
const inApplications = 'POST /zitadel.application.v2.ApplicationService'
const inAuthorizations = 'POST /zitadel.authorization.v2.AuthorizationService'

const steps: Readonly<Record<string, Step>> = {
  createProject: {
    take: (zitadel) => zitadel.createProject(),
    request: `${inProjects}/CreateProject`,
    body: { organizationId: 'org-1', projectId: id, name },
    answer: { projectId: 'as asked', creationDate: '2026-07-10T00:00:00Z' },
    gives: { id },
  },
  createRole: {
    take: (zitadel) => zitadel.createRole(project, 'admin'),
    request: `${inProjects}/AddProjectRole`,
    body: { projectId: 'p1', roleKey: 'admin', displayName: 'admin' },
  },
  createApplication: {
    take: (zitadel) => zitadel.createApplication(project),
    request: `${inApplications}/CreateApplication`,
    body: {
      projectId: 'p1',
      name,
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
    },
    answer: { applicationId: 'a1', apiConfiguration: { clientId: 'c1' } },
    gives: application,
  },
  createApplicationWithSecret: {
    take: (zitadel) => zitadel.createApplicationWithSecret(project),
    request: `${inApplications}/CreateApplication`,
    body: { projectId: 'p1', name, apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_BASIC' } },
    answer: { applicationId: 'a2', apiConfiguration: { clientId: 'c2', clientSecret: 's' } },
    gives: { clientId: 'c2', clientSecret: 's' },
  },
  createApplicationKey: {
    take: (zitadel) => zitadel.createApplicationKey(application),
    request: `${inApplications}/CreateApplicationKey`,
    body: { projectId: 'p1', applicationId: 'a1', expirationDate: aMoment },
    answer: { keyId: 'k1', keyDetails: toBase64(key) },
    gives: key,
  },
  removeApplicationKey: {
    take: (zitadel) => zitadel.removeApplicationKey(application, key),
    request: `${inApplications}/DeleteApplicationKey`,
    body: { projectId: 'p1', applicationId: 'a1', keyId: 'k1' },
  },
  'createServiceAccount of opaque tokens': {
    take: (zitadel) => zitadel.createServiceAccount('opaque'),
    request: 'POST /v2/users/new',
    body: {
      organizationId: 'org-1',
      userId: id,
      username: name,
      machine: { name: 'run', accessTokenType: 'ACCESS_TOKEN_TYPE_BEARER' },
    },
    answer: { id: 'as asked' },
    gives: { id },
  },
  'createServiceAccount of JWTs': {
    take: (zitadel) => zitadel.createServiceAccount('jwt'),
    request: 'POST /v2/users/new',
    body: expect.objectContaining({ machine: { name: 'run', accessTokenType: 'ACCESS_TOKEN_TYPE_JWT' } }),
    answer: { id: 'as asked' },
    gives: { id },
  },
  createPersonalAccessToken: {
    take: (zitadel) => zitadel.createPersonalAccessToken(user),
    request: 'POST /v2/users/u1/pats',
    body: { expirationDate: aMoment },
    answer: { tokenId: 't1', token: 'opaque' },
    gives: { id: 't1', token: 'opaque' },
  },
  removePersonalAccessToken: {
    take: (zitadel) => zitadel.removePersonalAccessToken(user, { id: 't1', token: 'opaque' }),
    request: 'DELETE /v2/users/u1/pats/t1',
  },
  createServiceAccountKey: {
    take: (zitadel) => zitadel.createServiceAccountKey(user),
    request: 'POST /v2/users/u1/keys',
    body: { expirationDate: aMoment },
    answer: { keyId: 'k2', keyContent: toBase64(userKey) },
    gives: userKey,
  },
  createPerson: {
    take: (zitadel) => zitadel.createPerson(),
    request: 'POST /v2/users/new',
    body: {
      organizationId: 'org-1',
      userId: id,
      username: name,
      human: {
        profile: { givenName: 'Run', familyName: 'Person' },
        email: { email: 'run@example.com', isVerified: true },
        password: { password: expect.stringMatching(/^Aa1!/), changeRequired: false },
      },
    },
    answer: { id: 'as asked' },
    gives: { id },
  },
  grantRole: {
    take: (zitadel) => zitadel.grantRole(user, project, 'admin'),
    request: `${inAuthorizations}/CreateAuthorization`,
    body: { userId: 'u1', projectId: 'p1', organizationId: 'org-1', roleKeys: ['admin'] },
    answer: { id: 'g1' },
    gives: { id: 'g1' },
  },
  removeGrant: {
    take: (zitadel) => zitadel.removeGrant({ id: 'g1' }),
    request: `${inAuthorizations}/DeleteAuthorization`,
    body: { id: 'g1' },
  },
  lockUser: { take: (zitadel) => zitadel.lockUser(user), request: 'POST /v2/users/u1/lock', body: {} },
  deactivateUser: {
    take: (zitadel) => zitadel.deactivateUser(user),
    request: 'POST /v2/users/u1/deactivate',
    body: {},
  },
}

describe('the administration of a real ZITADEL', () => {
  it('asks first who the administrator is, and of which organization', async () => {
    const { received } = await openWith({})
    expect(received.map(({ request, authorization }) => [request, authorization])).toEqual([
      ['GET /oidc/v1/userinfo', 'Bearer the-token'],
      ['GET /v2/users/admin-1', 'Bearer the-token'],
    ])
  })

  it.each(Object.entries(steps))('%s is the request that the proto files describe', async (_, step) => {
    const { zitadel, received } = await openRecorded({ [step.request]: { body: step.answer ?? {} } })
    const given = await step.take(zitadel)
    expect(received).toEqual([{ request: step.request, authorization: 'Bearer the-token', body: step.body }])
    expect(given).toEqual(step.gives)
  })

  it('gives the login name as the client id of a service account, which is what the token endpoint takes', async () => {
    const { zitadel, received } = await openRecorded({
      'POST /v2/users/u1/secret': { body: { clientSecret: 's' } },
      'GET /v2/users/u1': { body: { user: { username: 'run-1', preferredLoginName: 'run-1@org.example' } } },
    })
    expect(await zitadel.createServiceAccountSecret(user)).toEqual({ clientId: 'run-1@org.example', clientSecret: 's' })
    expect(received.map(({ request }) => request)).toEqual(['POST /v2/users/u1/secret', 'GET /v2/users/u1'])
  })
})

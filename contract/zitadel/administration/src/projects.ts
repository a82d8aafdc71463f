import type { ZitadelAdministration } from '../../src/administration.js'
import { readText } from './call.js'
import { createId, createName, type RealContext, tomorrow } from './context.js'

/** What a run does with projects and their API applications. */
type ProjectSteps = Pick<
  ZitadelAdministration,
  | 'createProject'
  | 'createRole'
  | 'createApplication'
  | 'createApplicationWithSecret'
  | 'createApplicationKey'
  | 'removeApplicationKey'
>

/**
 * Makes the steps over ZITADEL's API.
 *
 * Source: proto/zitadel/project/v2/project_service.proto, proto/zitadel/application/v2/application_service.proto; without an
 * HTTP rule of their own, they are asked by Connect: POST /{package}.{service}/{method}.
 */
export function createProjectSteps(context: RealContext): ProjectSteps {
  const { call, journal, organizationId } = context
  const inProjects = (name: string, body: object) =>
    call({ name, path: `/zitadel.project.v2.ProjectService/${name}`, body })
  const inApplications = (name: string, body: object) =>
    call({ name, path: `/zitadel.application.v2.ApplicationService/${name}`, body })
  const createApi = (projectId: string, authMethodType: string) =>
    inApplications('CreateApplication', { projectId, name: createName(), apiConfiguration: { authMethodType } })

  return {
    async createProject() {
      const projectId = createId()
      journal.add({ kind: 'project', id: projectId })
      await inProjects('CreateProject', { organizationId, projectId, name: createName() })
      return { id: projectId }
    },
    async createRole({ id: projectId }, roleKey) {
      await inProjects('AddProjectRole', { projectId, roleKey, displayName: roleKey })
    },
    async createApplication({ id: projectId }) {
      const made = await createApi(projectId, 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT')
      return {
        id: readText(made, 'applicationId'),
        clientId: readText(made, 'apiConfiguration', 'clientId'),
        projectId,
      }
    },
    async createApplicationWithSecret({ id: projectId }) {
      const made = await createApi(projectId, 'API_AUTH_METHOD_TYPE_BASIC')
      return {
        clientId: readText(made, 'apiConfiguration', 'clientId'),
        clientSecret: readText(made, 'apiConfiguration', 'clientSecret'),
      }
    },
    async createApplicationKey({ id: applicationId, projectId }) {
      const question = { projectId, applicationId, expirationDate: tomorrow() }
      return readKey(await inApplications('CreateApplicationKey', question), 'keyDetails')
    },
    async removeApplicationKey({ id: applicationId, projectId }, { keyId }) {
      await inApplications('DeleteApplicationKey', { projectId, applicationId, keyId })
    },
  }
}

/** A key comes as base64 of the JSON that the Console lets one download. */
export function readKey<Key>(answer: unknown, member: string): Key {
  return JSON.parse(Buffer.from(readText(answer, member), 'base64').toString()) as Key
}

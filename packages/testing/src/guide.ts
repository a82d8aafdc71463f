import type { ApplicationKey } from './administration/applications.js'
import type { JwtApplication, Project, ServiceUser } from './instance/model.js'
import type { LocalZitadel } from './local-zitadel.js'

/** What {@link setUpGuide} creates. */
export interface GuideSetUp {
  /** The project `tasks`. */
  readonly project: Project
  /** The API application `tasks-api`. */
  readonly application: JwtApplication
  /** The key that the guide downloads. */
  readonly key: ApplicationKey
  /** The service account `tasks-client`. */
  readonly user: ServiceUser
  /** The personal access token of the service account. */
  readonly token: string
}

/**
 * Does the steps of the guide in the Console: creates the project `tasks`, an API application with a key, and the
 * service account `tasks-client` with a personal access token. The role `admin` comes later, as in the guide.
 *
 * @param zitadel - from {@link startLocalZitadel}
 * @throws `Error`: when it was called before for the same local ZITADEL
 *
 * @example
 * ```ts
 * import { createZitadelAuth } from '@org/zitadel-auth'
 * import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
 *
 * const zitadel = await startLocalZitadel()
 * const { key, token } = setUpGuide(zitadel)
 *
 * const auth = createZitadelAuth({ domain: zitadel.domain, key })
 * console.log((await auth.authenticate(`Bearer ${token}`)).username) // tasks-client
 * await zitadel.close()
 * ```
 */
export function setUpGuide(zitadel: LocalZitadel): GuideSetUp {
  const project = zitadel.createProject({ name: 'tasks' })
  const application = zitadel.createApiApplication(project, { name: 'tasks-api' })
  const key = zitadel.createApplicationKey(application)
  const user = zitadel.createServiceUser({ userName: 'tasks-client' })
  const token = zitadel.createPersonalAccessToken(user)
  return { project, application, key, user, token }
}

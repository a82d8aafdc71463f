import type { ApplicationKey } from './administration/applications.js'
import type { JwtApplication, Project, ServiceUser } from './instance/model.js'
import type { LocalZitadel } from './local-zitadel.js'

/** What {@link setUpGuide} makes. */
export interface GuideSetUp {
  /** The project `tasks`. */
  readonly project: Project
  /** The API application `tasks-api`. */
  readonly application: JwtApplication
  /** The key the guide downloads. */
  readonly key: ApplicationKey
  /** The service account `tasks-client`. */
  readonly user: ServiceUser
  /** The service account's personal access token. */
  readonly token: string
}

/**
 * Does the guide's steps in the Console: the project `tasks`, an API application with a key,
 * the service account `tasks-client` and its personal access token. The `admin` role comes later, as in the guide.
 */
export function setUpGuide(zitadel: LocalZitadel): GuideSetUp {
  const project = zitadel.createProject({ name: 'tasks' })
  const application = zitadel.createApiApplication(project, { name: 'tasks-api' })
  const key = zitadel.createApplicationKey(application)
  const user = zitadel.createServiceUser({ userName: 'tasks-client' })
  const token = zitadel.createPersonalAccessToken(user)
  return { project, application, key, user, token }
}

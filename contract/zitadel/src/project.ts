import { onTestFinished } from 'vitest'
import type { Application, ApplicationKey, Project, User, ZitadelAdministration } from './administration.js'
import { untilAccepted } from './api.js'
import { type KeyFile, writeKeyFile } from './key-file.js'

/** A project with the role `admin`, and an API in it. */
export interface GuideProject {
  readonly project: Project
  readonly application: Application
  readonly key: ApplicationKey
}

/** Does the guide's first steps in the Console. */
export async function setUpProject(zitadel: ZitadelAdministration): Promise<GuideProject> {
  const project = await zitadel.createProject()
  await zitadel.createRole(project, 'admin')
  const application = await zitadel.createApplication(project)
  const key = await zitadel.createApplicationKey(application)
  await untilAccepted({ domain: zitadel.domain, key })
  return { project, application, key }
}

/** A service account with a personal access token. */
export async function createClient(zitadel: ZitadelAdministration): Promise<User & { readonly token: string }> {
  const account = await zitadel.createServiceAccount('opaque')
  const { token } = await zitadel.createPersonalAccessToken(account)
  return { id: account.id, token }
}

/** Writes a key file that is there until the end of the test. */
export function keepKeyFile(key: ApplicationKey): KeyFile {
  const file = writeKeyFile(key)
  onTestFinished(file.remove)
  return file
}

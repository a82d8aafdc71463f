import { namesOtherProjects } from '../authorization/role-grants.js'
import type { Clock } from './clock.js'
import type { JsonObject } from './json.js'
import { createOnceAMinute } from './once-a-minute.js'
import type { Logger } from './problem-log.js'

/** One such answer says something of a token; this many, and none of another kind, say something of the setup. */
const suspiciousAnswers = 5

/**
 * Makes a listener to ZITADEL's answers that tells mistakes in the setup which no request shows by itself, each once a
 * minute: no token is ever active, or the roles are those of another project.
 *
 * @param options - `projectId`: the API's project, when it is known; `logger`: where to write; `clock`: the time
 * @returns a function that also takes one that says why a token may be inactive, as far as the token shows it
 */
export function createSetUpHints({
  projectId,
  logger,
  clock,
}: {
  readonly projectId: string | undefined
  readonly logger: Logger
  readonly clock: Clock
}): (answer: JsonObject, explain?: () => string | undefined) => void {
  const isDue = createOnceAMinute(clock)
  let inactive = 0
  let wasActive = false

  return (answer, explain) => {
    if (answer['active'] === true) wasActive = true
    else inactive += 1
    if (!wasActive && inactive >= suspiciousAnswers && isDue('inactive')) {
      const reason = explain?.()
      const ofTheLast = reason === undefined ? '' : `. Of the last one: ${reason}`
      logger.warn(`[zitadel-auth] hint: ${neverActive(projectId)}${ofTheLast}`)
    }
    if (projectId !== undefined && namesOtherProjects(answer, projectId) && isDue('project')) {
      logger.warn(`[zitadel-auth] hint: ${otherProject(projectId)}`)
    }
  }
}

function neverActive(projectId = "{id of this API's project}"): string {
  return (
    'no token has been active since the start. The client must request the scope' +
    ` urn:zitadel:iam:org:project:id:${projectId}:aud, and its tokens must be access tokens of the configured domain`
  )
}

/** Says that the configured project is not the one of the credentials. */
export function otherProject(projectId: string): string {
  return (
    `the roles in ZITADEL's answers are of another project than the configured projectId ${projectId}, so they do not` +
    ' count: set projectId to the project that has the API application with the configured credentials'
  )
}

import type { Advice } from '../step.js'
import type { KnownContext } from './token-context.js'

type Context = Pick<KnownContext, 'zitadel' | 'projectId'>

/** What a scope names where nobody has said the project. */
const anyProject = '{projectId}'

/** The scope by which a token gets this API's audience. */
export function toAudienceScope(projectId = anyProject): string {
  return `urn:zitadel:iam:org:project:id:${projectId}:aud`
}

/** Says by which scope a client gets a token for this API. */
export function adviseAudience(context: Context, what: string): Advice {
  return adviseScopes(context, what, [toAudienceScope(context.projectId)])
}

/**
 * Says for which scopes the client must ask, and how a service account does.
 *
 * @param what - what is wrong without them
 * @param scopes - the exact scopes
 */
export function adviseScopes(
  { zitadel: { tokenEndpoint }, projectId }: Context,
  what: string,
  scopes: readonly string[],
): Advice {
  const [first = '', ...others] = scopes
  const where = projectId === undefined ? ` ${anyProject} is the id of the API's project: give it as --project-id.` : ''
  return {
    text: `${what}${where} Ask for the ${others.length === 0 ? 'scope' : 'scopes'}, here as a service account:`,
    paste: [
      `scope='openid ${first}'`,
      ...others.map((scope) => `scope="$scope ${scope}"`),
      // curl asks for the secret, which is then in no history of a shell.
      `curl --user "$CLIENT_ID" ${tokenEndpoint} \\`,
      '  --data grant_type=client_credentials --data-urlencode "scope=$scope"',
    ],
  }
}

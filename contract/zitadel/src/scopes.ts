import type { Project } from './administration.js'

/** What a client asks for to call an API of the project, and to bring the user's roles in a JWT. */
export function scopesFor({ id }: Project): readonly string[] {
  return ['openid', `urn:zitadel:iam:org:project:id:${id}:aud`, 'urn:zitadel:iam:org:projects:roles']
}

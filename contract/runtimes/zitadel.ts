import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { onTestFinished } from 'vitest'

/** A local ZITADEL with the guide's set-up, until the end of the test. */
export interface Guide extends GuideSetUp {
  readonly zitadel: LocalZitadel
}

/** Starts a {@link Guide}, in which the role `admin` is there and granted to nobody. */
export async function startGuide(): Promise<Guide> {
  const zitadel = await startLocalZitadel()
  onTestFinished(zitadel.close)
  const guide = setUpGuide(zitadel)
  zitadel.createRole(guide.project, 'admin')
  return { zitadel, ...guide }
}

/** Gives a JWT for the API of the guide. */
export function issueJwt({ zitadel, user, project }: Guide): string {
  return zitadel.issueAccessToken(user, { type: 'jwt', audience: [project.id] })
}

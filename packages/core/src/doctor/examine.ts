import { checkAcceptance } from './check-acceptance.js'
import { checkClock } from './check-clock.js'
import { checkCredentials } from './check-credentials.js'
import { checkKeys } from './check-keys.js'
import { findZitadel } from './find-zitadel.js'
import type { SetUp } from './set-up.js'
import type { Step } from './step.js'
import { examineToken } from './token/examine-token.js'

/** Looks at a setup step by step, in the order in which a request meets what may be wrong with it. */
export async function examine(setUp: SetUp): Promise<readonly Step[]> {
  const { clock, token, projectId } = setUp
  const place = await findZitadel(setUp)
  const credentials = checkCredentials(setUp.credentials, clock)
  const keys = await checkKeys(place.proof, clock)
  const acceptance = await checkAcceptance({ zitadel: place.proof, credentials: credentials.proof, keys, clock })
  const isAccepted = acceptance.proof !== undefined
  const time = checkClock({ zitadel: place.proof, credentials: credentials.proof, isAccepted })
  const steps = [place, time, credentials, keys, acceptance].map(({ step }) => step)
  if (token === undefined) return steps
  const tokenSteps = await examineToken(token, {
    zitadel: place.proof,
    clientId: credentials.proof?.clientId,
    isAnonymous: setUp.credentials.kind === 'none',
    keys: keys.proof,
    introspect: acceptance.proof,
    projectId,
    clock,
  })
  return [...steps, ...tokenSteps]
}

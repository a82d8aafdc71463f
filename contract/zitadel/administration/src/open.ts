import type { ZitadelAdministration } from '../../src/administration.js'
import type { Journal } from '../../src/journal.js'
import { createCall } from './call.js'
import { readAdministrator } from './context.js'
import { readOrigin } from './origin.js'
import { createPeopleSteps } from './people.js'
import { createProjectSteps } from './projects.js'
import { removeCreations } from './remove.js'
import { createUserSteps } from './users.js'

/** Which ZITADEL, and in whose name. */
export interface RealOptions {
  readonly domain: string
  /** A personal access token of a service account that is `IAM_OWNER`. */
  readonly adminToken: string
  readonly journal: Journal
}

/**
 * Opens a real ZITADEL, to set up in it what a run needs.
 *
 * @throws {TypeError} for what is no domain, and for plain http to another machine
 * @throws {CallError} when ZITADEL can't be reached, or does not take the token
 */
export async function openRealZitadel({ domain, adminToken, journal }: RealOptions): Promise<ZitadelAdministration> {
  const origin = readOrigin(domain)
  const call = createCall(origin, adminToken)
  const context = { origin, call, journal, ...(await readAdministrator(call)) }
  const made: Journal = collect(journal)
  const own = { ...context, journal: made }
  return {
    domain: origin,
    ...createProjectSteps(own),
    ...createUserSteps(own),
    ...createPeopleSteps(own),
    removeAll: () => removeCreations(call, made),
  }
}

/** Other test files write into the same journal: only what was made here is removed here. */
function collect(journal: Journal): Journal {
  const own: ReturnType<Journal['read']>[number][] = []
  return {
    add(creation) {
      own.unshift(creation)
      journal.add(creation)
    },
    read: () => own,
  }
}

import type { Creation } from '../../src/journal.js'
import { openRealZitadel } from '../src/open.js'
import { type Answer, startRecorder } from './recorder.js'

const whoAmI = {
  'GET /oidc/v1/userinfo': { body: { sub: 'admin-1' } },
  'GET /v2/users/admin-1': { body: { user: { userId: 'admin-1', details: { resourceOwner: 'org-1' } } } },
}

/** Opens a ZITADEL that answers by a table, for an administrator of the organization `org-1` with the token `the-token`. */
export async function openWith(answers: Readonly<Record<string, Answer>>) {
  const { origin, received } = await startRecorder({ ...whoAmI, ...answers })
  const creations: Creation[] = []
  const journal = { add: (creation: Creation) => void creations.push(creation), read: () => creations }
  const zitadel = await openRealZitadel({ domain: origin, adminToken: 'the-token', journal })
  return { zitadel, received, creations }
}

/** The same, without the requests that it takes to open it. */
export async function openRecorded(answers: Readonly<Record<string, Answer>>) {
  const opened = await openWith(answers)
  opened.received.splice(0)
  return opened
}

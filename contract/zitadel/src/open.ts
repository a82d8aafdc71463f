import { readFileSync } from 'node:fs'
import { openRealZitadel } from '../administration/src/open.js'
import type { ZitadelAdministration } from './administration.js'
import { openJournal } from './journal.js'
import { openLocalZitadel } from './local.js'

/** Opens the ZITADEL that `npm run test:zitadel` was given; without one, and in `npm test`, a local one. */
export async function openZitadel(): Promise<ZitadelAdministration> {
  const {
    ZITADEL_RUN_DOMAIN: domain,
    ZITADEL_RUN_ADMIN_TOKEN_FILE: tokenFile = '',
    ZITADEL_RUN_JOURNAL: journal = '',
  } = process.env
  if (domain === undefined) return openLocalZitadel()
  const adminToken = readFileSync(tokenFile, 'utf8').trim()
  return openRealZitadel({ domain, adminToken, journal: openJournal(journal) })
}

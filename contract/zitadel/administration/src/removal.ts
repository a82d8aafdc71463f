/** What scripts/test-zitadel.mjs needs to remove what a run has made. */
export { openJournal } from '../../src/journal.js'
export { createCall } from './call.js'
export { readOrigin } from './origin.js'
export { removeCreations } from './remove.js'

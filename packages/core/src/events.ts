/**
 * Verifies what ZITADEL sends on its own, which is events of Actions v2 and logout tokens, and removes from the cache
 * what they make outdated.
 *
 * @module @org/zitadel-auth/events
 */

// In the order of the reference: what one looks up first.

export type { ZitadelEvent } from './events/event.js'
export { type EventOptions, readZitadelEvent } from './events/read-zitadel-event.js'

// What an event makes outdated.

export type { Concerned } from './events/find-concerned.js'
export { forgetByEvent } from './events/forget-by-event.js'

// Logouts, and the endpoint for both.

export type { LogoutToken } from './events/logout-token.js'
export {
  createLogoutTokenReader,
  type LogoutTokenOptions,
  type LogoutTokenReader,
} from './events/logout-token-reader.js'
export { createRevocationEndpoint, type RevocationOptions } from './events/revocation-endpoint.js'

// Types for the compiler.

export type { Forgetful } from './events/forget-by-event.js'

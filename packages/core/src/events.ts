/**
 * What ZITADEL tells by itself, events and back-channel logouts, verified, and what they make an API forget.
 *
 * @packageDocumentation
 */

export type { ZitadelEvent } from './events/event.js'
export type { Concerned } from './events/find-concerned.js'
export { type Forgetful, forgetByEvent } from './events/forget-by-event.js'
export type { LogoutToken } from './events/logout-token.js'
export {
  createLogoutTokenReader,
  type LogoutTokenOptions,
  type LogoutTokenReader,
} from './events/logout-token-reader.js'
export { type EventOptions, readZitadelEvent } from './events/read-zitadel-event.js'
export { createRevocationEndpoint, type RevocationOptions } from './events/revocation-endpoint.js'

/** The endpoints that are counted, held and made to fail; `management` is `/local/grants`. */
export const endpointNames = [
  'discovery',
  'keys',
  'introspection',
  'token',
  'revocation',
  'userinfo',
  'management',
] as const

/** An endpoint of the local ZITADEL. `management` is `/local/grants`. */
export type EndpointName = (typeof endpointNames)[number]

/** One endpoint, or all of them. */
export type EndpointChoice = EndpointName | 'all'

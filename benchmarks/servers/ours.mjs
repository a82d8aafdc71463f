import { createZitadelAuth } from '@org/zitadel-auth'

/** The ways in which this library protects a route, by the name of the protection. */
export const ours = {
  'opaque-cached': ({ issuer, key }) => createZitadelAuth({ domain: issuer, key }),
  'jwt-cached': ({ issuer, key, projectId }) =>
    createZitadelAuth({ domain: issuer, key, projectId, verification: 'jwt' }),
  'cache-off': ({ issuer, key }) => createZitadelAuth({ domain: issuer, key, cache: false }),
}

import type { Instance } from '../instance/instance.js'
import { describeIssuer } from './discovery.js'
import { introspect } from './introspection.js'
import { publishKeys } from './keys.js'
import { grantFromShell, revokeFromShell } from './local-grants.js'
import { revoke } from './revocation.js'
import type { Route } from './route.js'
import { issueToken } from './token.js'

/** Every path this server knows. */
export function createRoutes(instance: Instance): readonly Route[] {
  return [
    {
      endpoint: 'discovery',
      path: '/.well-known/openid-configuration',
      methods: { GET: () => describeIssuer(instance.issuer) },
    },
    { endpoint: 'keys', path: '/oauth/v2/keys', methods: { GET: () => publishKeys(instance) } },
    {
      endpoint: 'introspection',
      path: '/oauth/v2/introspect',
      methods: { POST: (call) => introspect(instance, call) },
    },
    { endpoint: 'token', path: '/oauth/v2/token', methods: { POST: (call) => issueToken(instance, call) } },
    { endpoint: 'revocation', path: '/oauth/v2/revoke', methods: { POST: (call) => revoke(instance, call) } },
    {
      endpoint: 'management',
      path: '/local/grants',
      methods: { POST: (call) => grantFromShell(instance, call), DELETE: (call) => revokeFromShell(instance, call) },
    },
  ]
}

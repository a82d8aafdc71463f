import type { EndpointName } from '../control/endpoint-name.js'
import { readIssuer } from '../http/issuer-of-request.js'
import { refuseOtherMachines } from '../http/other-machines.js'
import { describeIssuer } from './discovery.js'
import { introspect } from './introspection.js'
import { publishKeys } from './keys.js'
import { changeGrants } from './local-grants.js'
import { findNothing } from './not-found.js'
import { revoke } from './revocation.js'
import type { Handler, Route } from './route.js'
import { issueToken } from './token.js'
import { describeUser } from './userinfo.js'

const routes: ReadonlyMap<string, Route> = new Map([
  ['/.well-known/openid-configuration', ofZitadel(describeIssuer, 'discovery')],
  ['/oauth/v2/keys', ofZitadel(publishKeys, 'keys')],
  ['/oauth/v2/introspect', ofZitadel(introspect, 'introspection')],
  ['/oauth/v2/token', ofZitadel(issueToken, 'token')],
  ['/oauth/v2/revoke', ofZitadel(revoke, 'revocation')],
  ['/oidc/v1/userinfo', ofZitadel(describeUser, 'userinfo')],
  ['/local/grants', ofThisMachine(changeGrants, 'management')],
])

/** What answers a path. */
export function findRoute(path: string): Route {
  return routes.get(path) ?? ofZitadel(findNothing(path))
}

/**
 * ZITADEL's own endpoints see the instance as the issuer that was asked, and take every method. `OPTIONS` has an answer
 * that lets no page of another origin in.
 */
function ofZitadel(handle: Handler, endpoint?: EndpointName): Route {
  return {
    ...(endpoint && { endpoint }),
    handle(instance, call) {
      const issuer = readIssuer(call.headers, instance)
      if (typeof issuer !== 'string') return issuer
      return call.method === 'OPTIONS' ? { status: 204, headers: {}, body: '' } : handle({ ...instance, issuer }, call)
    },
  }
}

/** What changes the instance is for programs on this machine. */
function ofThisMachine(handle: Handler, endpoint: EndpointName): Route {
  return { endpoint, handle: (instance, call) => refuseOtherMachines(instance, call) ?? handle(instance, call) }
}

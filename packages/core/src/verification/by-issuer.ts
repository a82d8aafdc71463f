import type { IntrospectionRequest } from '../provider/introspection-request.js'
import { readUnverifiedPayload } from './jwt/compact-jwt.js'

/**
 * Asks about a JWT under the name of the instance that issued it: under its other names ZITADEL says that it is inactive. The
 * token chooses among the configured names, and nothing else. Other tokens are not tied to a name.
 *
 * @param primary - asks under the first name
 * @param others - ask under the other names, by their issuers
 */
export function createRequestByIssuer(
  primary: IntrospectionRequest,
  others: ReadonlyMap<unknown, IntrospectionRequest>,
): IntrospectionRequest {
  if (others.size === 0) return primary
  return (token) => {
    const request = others.get(readUnverifiedPayload(token)?.['iss']) ?? primary
    return request(token)
  }
}

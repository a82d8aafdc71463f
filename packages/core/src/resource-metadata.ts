import { readText, requireNoneUnset } from './internal/read-option.js'
import type { AllOptions } from './options.js'
import type { ProviderAddress } from './provider/issuer.js'

/**
 * The metadata that clients of a protected resource read, with the names of the specification.
 *
 * @see [RFC 9728 section 2](https://www.rfc-editor.org/rfc/rfc9728.html#section-2)
 */
export interface ResourceDocument {
  /** The resource, as configured. */
  readonly resource: string
  /** The name of the resource, for people. */
  readonly resource_name?: string
  /** The ZITADEL that issues tokens for it: its issuer, under each of its names. */
  readonly authorization_servers: readonly string[]
  /** The scopes that a client requests to get a token for it; absent if the project is not known. */
  readonly scopes_supported?: readonly string[]
  /** How a token is sent. */
  readonly bearer_methods_supported: readonly ['header']
}

/** The metadata of a protected resource, and where it is served. */
export interface ResourceMetadata {
  /** What clients read. */
  readonly document: ResourceDocument
  /** The path of the document, on the host of the resource. */
  readonly path: string
  /** The URL of the document, which error responses name. */
  readonly url: string
}

/** What the document says beside the resource itself. */
interface ResourceSurroundings {
  readonly addresses: readonly [ProviderAddress, ...(readonly ProviderAddress[])]
  readonly verification: 'introspection' | 'jwt' | 'auto'
  readonly projectId: string | undefined
}

/**
 * Reads the option `resource`. It is kept as it is, since clients compare it with what they were given, character by character;
 * so it must be what every client makes of it.
 *
 * @throws `TypeError`: when it is no address in its normal form, or ends with a slash, or is plain http to another machine
 * @see [RFC 9728 section 3.1](https://www.rfc-editor.org/rfc/rfc9728.html#section-3.1): the well-known path goes between host and path
 */
export function readResource(options: AllOptions, surroundings: ResourceSurroundings): ResourceMetadata | undefined {
  requireNoneUnset(options, ['resource', 'resourceName'])
  const { resource, resourceName } = options
  if (resource === undefined) {
    if (resourceName !== undefined) throw new TypeError('resourceName goes with resource')
    return undefined
  }
  const { origin, pathname } = readAddress(resource, surroundings.addresses[0])
  const path = `/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`
  const scopes = toScopes(surroundings)
  const document: ResourceDocument = {
    resource,
    ...(resourceName !== undefined && { resource_name: readText(resourceName, 'resourceName') }),
    authorization_servers: Object.freeze(surroundings.addresses.map(({ issuer }) => issuer)),
    ...(scopes.length > 0 && { scopes_supported: Object.freeze(scopes) }),
    bearer_methods_supported: Object.freeze(['header'] as const),
  }
  return Object.freeze({ document: Object.freeze(document), path, url: `${origin}${path}` })
}

function readAddress(resource: unknown, { requireSecure }: ProviderAddress): URL {
  const url = typeof resource === 'string' && URL.canParse(resource) ? new URL(resource) : undefined
  // What URL() writes in another way, clients do too, and find that the two differ. A bare origin has no slash: RFC 9728 wants none.
  const normal = url === undefined ? '' : `${url.origin}${url.pathname.replace(/\/$/, '')}`
  if (url === undefined || normal !== resource || !/^https?:$/.test(url.protocol)) {
    throw new TypeError(
      `the resource must be like https://api.example.com/mcp, without a slash at its end, query, fragment or credentials${normal === '' ? '' : `: perhaps ${normal}`}`,
    )
  }
  requireSecure(url, 'the resource')
  return url
}

/**
 * ZITADEL knows no resource indicators (RFC 8707): a token is for this API if its client has asked for the project by scope. The
 * answer to an introspection names the roles in any case, a JWT only those that were asked for.
 */
function toScopes({ verification, projectId }: ResourceSurroundings): readonly string[] {
  if (projectId === undefined) return []
  const audience = `urn:zitadel:iam:org:project:id:${projectId}:aud`
  return ['openid', audience, ...(verification === 'jwt' ? ['urn:zitadel:iam:org:projects:roles'] : [])]
}

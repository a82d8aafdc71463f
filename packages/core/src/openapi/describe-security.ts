import { AuthorizationError } from '../errors/authorization-error.js'
import type { AuthorizationErrorCode } from '../errors/code.js'
import { requireKnown } from '../internal/read-option.js'
import { readProviderAddress } from '../provider/issuer.js'
import { type RefusalFormat, toHttpRefusal } from '../response/refusal.js'

/** What {@link describeSecurity} takes. */
export interface SecurityOptions {
  /** The domain of the ZITADEL instance, as `createZitadelAuth` takes it. */
  readonly domain: string
  /** How refusals are written, as `createZitadelAuth` takes it. Default: `text`. */
  readonly refusalFormat?: RefusalFormat
  /** Allows plain http to hosts other than this machine. Default: false. */
  readonly allowInsecureHttp?: boolean
}

/** A body of one media type. */
export interface OpenApiContent {
  /** Its schema. */
  readonly schema: object
  /** One as it is answered. */
  readonly example: unknown
}

/** The security scheme of an API that takes ZITADEL's tokens. */
export interface OpenApiScheme {
  /** Found by OpenID Connect Discovery. */
  readonly type: 'openIdConnect'
  /** Where ZITADEL describes itself. */
  readonly openIdConnectUrl: string
  /** What the client sends. */
  readonly description: string
}

/** A response of OpenAPI. */
export interface OpenApiResponse {
  /** When it comes. */
  readonly description: string
  /** What it looks like, by media type. */
  readonly content: Readonly<Record<string, OpenApiContent>>
}

/** What an OpenAPI document says of an API that takes ZITADEL's tokens. */
export interface OpenApiSecurity {
  /** For `components.securitySchemes`, under any name. */
  readonly scheme: OpenApiScheme
  /** The responses of a protected operation that are not its own, by status. */
  readonly responses: Readonly<Record<'400' | '401' | '403' | '503', OpenApiResponse>>
}

const answers: readonly (readonly [status: '400' | '401' | '403' | '503', AuthorizationErrorCode, string])[] = [
  ['400', 'ERR_REQUEST_MALFORMED', 'The Authorization header is malformed or repeated'],
  ['401', 'ERR_TOKEN_INVALID', 'The token is missing, or not good any more'],
  ['403', 'ERR_PERMISSION_DENIED', 'The token does not meet what the operation asks for'],
  ['503', 'ERR_PROVIDER_UNAVAILABLE', 'The token cannot be verified right now: try again after Retry-After'],
]

/**
 * Describes in the words of OpenAPI what ZITADEL's tokens mean for an API: the security scheme, and the responses that its protected
 * operations have beside their own, as this library writes them.
 *
 * @param options - the domain, and how refusals are written
 * @throws {TypeError} when an option is unknown or malformed
 * @see [OpenAPI 3.1, Security Scheme Object](https://spec.openapis.org/oas/v3.1.0.html#security-scheme-object)
 *
 * @example
 * ```ts
 * import { describeSecurity } from '@org/zitadel-auth/openapi'
 *
 * const { scheme, responses } = describeSecurity({ domain: 'my-domain.zitadel.cloud' })
 * ```
 */
export function describeSecurity(options: SecurityOptions): OpenApiSecurity {
  requireKnown(options, { domain: true, refusalFormat: true, allowInsecureHttp: true }, 'option')
  const { issuer } = readProviderAddress(options)
  const { refusalFormat: format = 'text' } = options
  if (format !== 'text' && format !== 'problem-json') throw new TypeError("refusalFormat is 'text' or 'problem-json'")
  const responses = answers.map(([status, code, description]) => [
    status,
    { description, content: toContent(code, format) },
  ])
  return {
    scheme: {
      type: 'openIdConnect',
      openIdConnectUrl: `${issuer}/.well-known/openid-configuration`,
      description: 'An access token of ZITADEL, sent as a bearer token',
    },
    responses: Object.fromEntries(responses),
  }
}

function toContent(code: AuthorizationErrorCode, format: RefusalFormat): OpenApiResponse['content'] {
  const unmetRequirement = 'missing required role: `admin`'
  const { body } = toHttpRefusal(new AuthorizationError(code, '', { unmetRequirement }), { format })
  return format === 'text'
    ? { 'text/plain': { schema: { type: 'string' }, example: body } }
    : { 'application/problem+json': { schema: problemSchema, example: JSON.parse(body) } }
}

const problemSchema = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
  },
}

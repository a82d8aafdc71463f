import { AuthorizationError } from '../errors/authorization-error.js'
import type { AuthorizationErrorCode } from '../errors/code.js'
import { requireKnown } from '../internal/read-option.js'
import { readProviderAddress } from '../provider/issuer.js'
import { type RefusalFormat, toHttpRefusal } from '../response/refusal.js'

/** The options of {@link describeSecurity}. */
export interface SecurityOptions {
  /** The domain of the ZITADEL instance, as in `createZitadelAuth`. */
  readonly domain: string
  /**
   * The format of error responses, as in `createZitadelAuth`.
   *
   * @defaultValue `'text'`
   */
  readonly refusalFormat?: RefusalFormat
  /**
   * Allows plain http to hosts other than this machine.
   *
   * @defaultValue `false`
   */
  readonly allowInsecureHttp?: boolean
}

/**
 * A body of one media type.
 *
 * @group Types for the compiler
 */
export interface OpenApiContent {
  /** The schema. */
  readonly schema: object
  /** An example. */
  readonly example: unknown
}

/**
 * The security scheme of an API that accepts ZITADEL's tokens.
 *
 * @group Types for the compiler
 */
export interface OpenApiScheme {
  /** OpenID Connect Discovery. */
  readonly type: 'openIdConnect'
  /** The metadata of ZITADEL. */
  readonly openIdConnectUrl: string
  /** What the client sends. */
  readonly description: string
}

/**
 * A response object of OpenAPI.
 *
 * @group Types for the compiler
 */
export interface OpenApiResponse {
  /** When it is sent. */
  readonly description: string
  /** The body, by media type. */
  readonly content: Readonly<Record<string, OpenApiContent>>
}

/** What an OpenAPI document says about an API that accepts ZITADEL's tokens. */
export interface OpenApiSecurity {
  /** For `components.securitySchemes`, under any name. */
  readonly scheme: OpenApiScheme
  /** The error responses of a protected operation, by status. */
  readonly responses: Readonly<Record<'400' | '401' | '403' | '503', OpenApiResponse>>
}

const answers: readonly (readonly [status: '400' | '401' | '403' | '503', AuthorizationErrorCode, string])[] = [
  ['400', 'ERR_REQUEST_MALFORMED', 'The Authorization header is malformed or repeated'],
  ['401', 'ERR_TOKEN_INVALID', 'The token is missing, or not good any more'],
  ['403', 'ERR_PERMISSION_DENIED', 'The token does not meet what the operation asks for'],
  ['503', 'ERR_PROVIDER_UNAVAILABLE', 'The token cannot be verified right now: try again after Retry-After'],
]

/**
 * Describes for OpenAPI what the library adds to an API: the security scheme, and the error responses of protected
 * operations.
 *
 * @param options - the domain, and the format of error responses
 * @throws `TypeError`: when an option is unknown or malformed
 * @see [OpenAPI 3.1, Security Scheme Object](https://spec.openapis.org/oas/v3.1.0.html#security-scheme-object)
 *
 * @example
 * ```ts
 * import { describeSecurity } from '@org/zitadel-auth/openapi'
 *
 * const { scheme, responses } = describeSecurity({ domain: 'my-domain.zitadel.cloud' })
 *
 * export const document = {
 *   openapi: '3.1.0',
 *   components: { securitySchemes: { zitadel: scheme } },
 *   paths: { '/tasks': { get: { security: [{ zitadel: [] }], responses } } },
 * }
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

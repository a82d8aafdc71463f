/**
 * The security scheme and the error responses for the OpenAPI document of an API that accepts ZITADEL's tokens.
 *
 * @module @org/zitadel-auth/openapi
 */

export {
  describeSecurity,
  type OpenApiContent,
  type OpenApiResponse,
  type OpenApiScheme,
  type OpenApiSecurity,
  type SecurityOptions,
} from './openapi/describe-security.js'

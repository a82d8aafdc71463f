/**
 * What an OpenAPI document says of an API that takes ZITADEL's tokens.
 *
 * @packageDocumentation
 */

export {
  describeSecurity,
  type OpenApiContent,
  type OpenApiResponse,
  type OpenApiScheme,
  type OpenApiSecurity,
  type SecurityOptions,
} from './openapi/describe-security.js'

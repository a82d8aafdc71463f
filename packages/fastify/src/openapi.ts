import { requireKnownOptions } from '@org/zitadel-auth/adapter'
import type { OpenApiSecurity } from '@org/zitadel-auth/openapi'
import type { FastifySchema } from 'fastify'
import { defaultName } from './hook.js'

/** What {@link openApiTransform} takes. */
export interface OpenApiTransformOptions {
  /** From `describeSecurity`: its responses are added to the protected routes. Default: none. */
  readonly responses?: OpenApiSecurity['responses']
  /** The name of the security scheme in the document. Default: `zitadel`. */
  readonly scheme?: string
  /** The name of the plugin that protects the routes. Default: `authorization`. */
  readonly name?: string
  /** What a route asks for that says nothing, as the plugin was told. Default: `true`. */
  readonly undeclared?: true | 'public'
}

/** What `@fastify/swagger` tells of a route. */
export interface DescribedRoute {
  /** The schema, as far as the route has one. */
  readonly schema?: object
  /** The path. */
  readonly url: string
  /** The options of the route. */
  readonly route: object
}

/** What `@fastify/swagger` is to write of a route. */
export interface TransformedRoute {
  /** The schema, with what the route asks for. */
  schema: FastifySchema
  /** The path, as it was. */
  url: string
}

/**
 * Makes the option `transform` of `@fastify/swagger`: each route gets the `security` that its `config.authorization` asks for, and the
 * responses of refusals. Public routes get none, and optional ones both ways.
 *
 * @throws {TypeError} when an option is unknown
 *
 * @example
 * ```ts
 * const { scheme, responses } = describeSecurity({ domain })
 * await app.register(swagger, {
 *   openapi: { components: { securitySchemes: { zitadel: scheme } } },
 *   transform: openApiTransform({ responses }),
 * })
 * ```
 */
export function openApiTransform(
  options: OpenApiTransformOptions = {},
): (described: DescribedRoute) => TransformedRoute {
  requireKnownOptions(options, ['responses', 'scheme', 'name', 'undeclared'])
  const { responses = {}, scheme = 'zitadel', name = defaultName, undeclared = true } = options
  return ({ schema = {}, url, route }: DescribedRoute) => {
    const config: object = Object(Object(route).config)
    const declared: unknown = (config as Record<string, unknown>)[name] ?? undeclared
    if (declared === 'public') return { schema: { security: [], ...schema } as FastifySchema, url }
    const needed = { [scheme]: toScopes(declared) }
    const security = isOptional(declared) ? [{}, needed] : [needed]
    const own: object = Object(Object(schema).response)
    return { schema: { security, ...schema, response: { ...responses, ...own } } as FastifySchema, url }
  }
}

function isOptional(declared: unknown): boolean {
  return declared === 'optional' || Object.hasOwn(Object(declared), 'optional')
}

/** Of all that a requirement may ask for OpenAPI knows scopes alone. */
function toScopes(declared: unknown): readonly string[] {
  const { optional = declared } = Object(declared)
  return [Object(optional).scope ?? []].flat()
}

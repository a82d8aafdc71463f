import { requireKnownOptions } from '@org/zitadel-auth/adapter'
import type { OpenApiSecurity } from '@org/zitadel-auth/openapi'
import type { FastifySchema } from 'fastify'
import { defaultName } from './hook.js'

/** The options of {@link openApiTransform}. */
export interface OpenApiTransformOptions {
  /** The error responses for protected routes, from `describeSecurity`. Without it, none are added. */
  readonly responses?: OpenApiSecurity['responses']
  /**
   * The name of the security scheme in the document.
   *
   * @defaultValue `'zitadel'`
   */
  readonly scheme?: string
  /**
   * The `name` of the plugin that protects the routes.
   *
   * @defaultValue `'authorization'`
   */
  readonly name?: string
  /**
   * What a route without `config.authorization` needs, as in the plugin.
   *
   * @defaultValue `true`
   */
  readonly undeclared?: true | 'public'
}

/**
 * What `@fastify/swagger` says about a route.
 *
 * @group Types for the compiler
 */
export interface DescribedRoute {
  /** The schema, if the route has one. */
  readonly schema?: object
  /** The path. */
  readonly url: string
  /** The options of the route. */
  readonly route: object
}

/**
 * What `@fastify/swagger` writes about a route.
 *
 * @group Types for the compiler
 */
export interface TransformedRoute {
  /** The schema, with what the route needs. */
  schema: FastifySchema
  /** The path, unchanged. */
  url: string
}

/**
 * Creates the option `transform` of `@fastify/swagger`: each route gets the `security` of its `config.authorization`,
 * and the error responses. Public routes get none, and optional ones allow both.
 *
 * @param options - the error responses, and names
 * @throws `TypeError`: when an option is unknown
 *
 * @example
 * ```ts
 * import swagger from '@fastify/swagger'
 * import { describeSecurity } from '@org/zitadel-auth/openapi'
 * import { openApiTransform } from '@org/zitadel-auth-fastify'
 * import Fastify from 'fastify'
 *
 * const { scheme, responses } = describeSecurity({ domain: 'my-domain.zitadel.cloud' })
 * await Fastify().register(swagger, {
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

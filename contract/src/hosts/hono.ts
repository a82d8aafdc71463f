import type { Server } from 'node:http'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import type { AuthorizationContext } from '@org/zitadel-auth'
import {
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  type RequirementContext,
  refuse,
  requireAuthorization,
  resourceMetadata,
  revocationEndpoint,
} from '@org/zitadel-auth-fetch/hono'
import { type Context, type ErrorHandler, Hono, type MiddlewareHandler } from 'hono'
import {
  createCrash,
  describeContext,
  describeError,
  type Host,
  listEarlyHeaders,
  listen,
  readRequirementOf,
  readRevocationOf,
  type Scenario,
} from '../host.js'

export const honoHost: Host = {
  name: 'Hono 4',
  joinsHeaders: true,
  start: (scenario) => listen(createAdaptorServer({ fetch: createApp(scenario).fetch }) as Server),
}

function createApp(scenario: Scenario): Hono<{ Bindings: HttpBindings }> {
  const { auth, requirementInHandler = { role: 'admin' }, second = auth } = scenario
  const requirement = readRequirementOf(scenario)
  const { onRefusal = 'respond', requirementFor = () => true, onHandled = () => {}, onResponse = () => {} } = scenario
  const options = { onRefusal }
  const answer = (c: Context, context: AuthorizationContext | undefined): Response => {
    onHandled(context)
    return c.json(describeContext(context))
  }
  const byOrganization = (c: RequirementContext) => requirementFor(c.req.param('organization'))

  const app = new Hono<{ Bindings: HttpBindings }>()
  if (scenario.errorHandling !== 'default') app.onError(createErrorHandler(scenario))
  app.use((c, next) => {
    for (const [name, value] of listEarlyHeaders(scenario)) c.header(name, value)
    onResponse(c.env.outgoing)
    return next()
  })
  const revocation = revocationEndpoint(auth, readRevocationOf(scenario))
  app.all('/events', revocation)
  app.all('/parsed-events', readBody, revocation)
  if (auth.resourceMetadata !== undefined) app.use(resourceMetadata(auth))
  app.all('/required', requireAuthorization(auth, requirement, options), (c) => answer(c, getAuthorization(c)))
  app.all('/optional', optionalAuthorization(auth, requirement, options), (c) => answer(c, getOptionalAuthorization(c)))
  app.all('/function/:organization', requireAuthorization(auth, byOrganization, options), (c) =>
    answer(c, getAuthorization(c)),
  )
  app.all('/optional-function/:organization', optionalAuthorization(auth, byOrganization), (c) =>
    answer(c, getOptionalAuthorization(c)),
  )
  app.all('/stale', requireAuthorization(auth), removeHeader, optionalAuthorization(auth), (c) =>
    answer(c, getOptionalAuthorization(c)),
  )
  app.all('/second', requireAuthorization(second), (c) => answer(c, getAuthorization(c)))
  app.all('/authorize', requireAuthorization(auth), (c) => {
    authorize(c, requirementInHandler)
    return answer(c, getAuthorization(c))
  })
  app.all('/crash', requireAuthorization(auth), () => {
    throw createCrash()
  })
  // The compiler refuses it without the cast.
  app.all('/unprotected', (c) => answer(c, getAuthorization(c as never)))
  return app
}

/** What validators do. */
const readBody: MiddlewareHandler = async (c, next) => {
  await c.req.text()
  return next()
}

const removeHeader: MiddlewareHandler = (c, next) => {
  const headers = new Headers(c.req.raw.headers)
  headers.delete('authorization')
  c.req.raw = new Request(c.req.raw, { headers })
  return next()
}

/** The application's own handler, and before it the adapter's, unless the application wants to answer refusals itself. */
function createErrorHandler({ auth, onRefusal }: Scenario): ErrorHandler {
  return (error, c) => {
    const refusal = onRefusal === 'throw' ? undefined : refuse(auth, error, c)
    const { status = 500, headers = {} } = error as Error & { status?: 500; headers?: Record<string, string> }
    return refusal ?? c.json(describeError(error, c.req.header('x-request-id')), status, headers)
  }
}

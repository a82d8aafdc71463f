import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import Router from '@koa/router'
import {
  authorizationErrorHandler,
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  type RequirementRequest,
  requireAuthorization,
  resourceMetadata,
  revocationEndpoint,
} from '@org/zitadel-auth-koa'
import Koa3, { type Context, type Middleware, type Next } from 'koa'
import Koa2 from 'koa2'
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

export const koaHosts: readonly Host[] = [createHost('Koa 2', Koa2), createHost('Koa 3', Koa3)]

function createHost(name: string, Koa: typeof Koa3): Host {
  return {
    name,
    start: async (scenario) => {
      const app = new Koa()
      app.silent = true
      if (scenario.errorHandling !== 'default') app.use(respondToError)
      app.use((ctx, next) => {
        for (const [name, value] of listEarlyHeaders(scenario)) ctx.set(name, value)
        return next()
      })
      app.use((ctx, next) => {
        scenario.onResponse?.(ctx.res)
        return next()
      })
      if (scenario.auth.resourceMetadata !== undefined) app.use(resourceMetadata(scenario.auth))
      if (scenario.onRefusal !== 'throw') app.use(authorizationErrorHandler(scenario.auth))
      app.use(createRoutes(scenario) as Middleware)
      return listen(createServer(app.callback()))
    },
  }
}

function createRoutes(scenario: Scenario) {
  const { auth, requirementInHandler = { role: 'admin' }, second = auth } = scenario
  const requirement = readRequirementOf(scenario)
  const { onRefusal = 'respond', requirementFor = () => true, onHandled = () => {} } = scenario
  const options = { onRefusal }
  const router = new Router()

  const revocation = revocationEndpoint(auth, readRevocationOf(scenario))
  router.all('/events', revocation)
  router.all('/parsed-events', readBody, revocation)
  router.all('/required', requireAuthorization(auth, requirement, options), (ctx) => {
    onHandled(getAuthorization(ctx))
    ctx.body = describeContext(getAuthorization(ctx))
  })
  router.all('/optional', optionalAuthorization(auth, requirement, options), (ctx) => {
    onHandled(getOptionalAuthorization(ctx))
    ctx.body = describeContext(getOptionalAuthorization(ctx))
  })
  const byOrganization = (ctx: RequirementRequest) => requirementFor(ctx.params.organization)
  router.all('/function/:organization', requireAuthorization(auth, byOrganization, options), (ctx) => {
    onHandled(getAuthorization(ctx))
    ctx.body = describeContext(getAuthorization(ctx))
  })
  router.all('/optional-function/:organization', optionalAuthorization(auth, byOrganization), (ctx) => {
    onHandled(getOptionalAuthorization(ctx))
    ctx.body = describeContext(getOptionalAuthorization(ctx))
  })
  router.all('/stale', requireAuthorization(auth), removeHeader, optionalAuthorization(auth), (ctx) => {
    ctx.body = describeContext(getOptionalAuthorization(ctx))
  })
  router.all('/second', requireAuthorization(second), (ctx) => {
    ctx.body = describeContext(getAuthorization(ctx))
  })
  router.all('/authorize', requireAuthorization(auth), (ctx) => {
    authorize(ctx, requirementInHandler)
    ctx.body = describeContext(getAuthorization(ctx))
  })
  router.all('/crash', requireAuthorization(auth), () => {
    throw createCrash()
  })
  router.all('/unprotected', (ctx) => {
    // The compiler refuses it without the cast.
    getAuthorization(ctx as never)
  })
  return router.routes()
}

/** What parsers do. */
const readBody = async (ctx: Context, next: Next) => {
  await text(ctx.req)
  return next()
}

const removeHeader = (ctx: Context, next: Next) => {
  delete ctx.headers.authorization
  return next()
}

const respondToError: Middleware = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    const { status = 500, headers = {} } = error as { status?: number; headers?: object }
    ctx.status = status
    ctx.set({ ...headers })
    ctx.body = describeError(error, ctx.get('x-request-id'))
  }
}

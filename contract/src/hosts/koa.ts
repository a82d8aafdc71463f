import { createServer } from 'node:http'
import Router from '@koa/router'
import {
  authorizationErrorHandler,
  authorize,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  requireAuthorization,
} from '@org/zitadel-auth-koa'
import Koa3, { type Middleware } from 'koa'
import Koa2 from 'koa2'
import { createCrash, describeContext, earlyHeader, type Host, listen, type Scenario } from '../host.js'

export const koaHosts: readonly Host[] = [createHost('Koa 2', Koa2), createHost('Koa 3', Koa3)]

function createHost(name: string, Koa: typeof Koa3): Host {
  return {
    name,
    start: async (scenario) => {
      const app = new Koa()
      app.silent = true
      app.use(respondToError).use(setEarlyHeader)
      if (scenario.onRefusal !== 'forward') app.use(authorizationErrorHandler(scenario.auth))
      app.use(createRoutes(scenario) as Middleware)
      return listen(createServer(app.callback()))
    },
  }
}

function createRoutes(scenario: Scenario) {
  const { auth, requirement, requirementInHandler = { role: 'admin' }, second = auth, onHandled = () => {} } = scenario
  const options = { onRefusal: scenario.onRefusal === 'forward' ? 'throw' : 'respond' } as const
  const router = new Router()

  router.all('/required', requireAuthorization(auth, requirement, options), (ctx) => {
    onHandled(getAuthorization(ctx))
    ctx.body = describeContext(getAuthorization(ctx))
  })
  router.all('/optional', optionalAuthorization(auth, requirement, options), (ctx) => {
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

const setEarlyHeader: Middleware = (ctx, next) => {
  ctx.set(...earlyHeader)
  return next()
}

const respondToError: Middleware = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    const { status = 500, name, message, headers = {} } = error as Error & { status?: number; headers?: object }
    ctx.status = status
    ctx.set({ ...headers })
    ctx.body = { name, message }
  }
}

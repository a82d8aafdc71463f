import type { RequestListener } from 'node:http'
import Router from '@koa/router'
import { createTaskList, log, readTask, toJson } from '@org/example-tasks'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { getAuthorization, requireAuthorization } from '@org/zitadel-auth-koa'
import Koa, { type Context, type Middleware } from 'koa'

/** Makes the tasks API: a public route, one for every good token, and one for admins. */
export function createTasksApi(auth: ZitadelAuth): RequestListener {
  const tasks = createTaskList()
  const router = new Router()

  router.all('/api/healthz', (ctx) => respond(ctx, 200, 'OK'))

  router.all('/api/tasks', requireAuthorization(auth), (ctx) => respond(ctx, 200, tasks.list(getAuthorization(ctx))))

  router.all('/api/add-task', requireAuthorization(auth, { role: 'admin' }), async (ctx) => {
    const { status, message } = tasks.add(await readTask(ctx.req), getAuthorization(ctx))
    respond(ctx, status, message)
  })

  const app = new Koa()
  app.use(respondToError).use(router.routes())
  app.use((ctx) => respond(ctx, 404, 'not found'))
  return app.callback()
}

/** What is not authorization is left to the application: here, a body that can't be read. */
const respondToError: Middleware = async (ctx, next) => {
  try {
    await next()
  } catch (error) {
    const { status = 500, message } = error as Error & { status?: number }
    const isClientError = status >= 400 && status < 500
    if (!isClientError) log.error('request failed', { error: message })
    respond(ctx, isClientError ? status : 500, isClientError ? 'request body cannot be read' : 'internal error')
  }
}

/** Bytes with a type of our own, since Koa would name a charset, which the guide's answers do not. */
function respond(ctx: Pick<Context, 'status' | 'set' | 'body'>, status: number, value: unknown): void {
  ctx.status = status
  ctx.set('Content-Type', 'application/json')
  ctx.body = Buffer.from(toJson(value))
}

import type { RequestListener } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { createTaskList, log, readTask, toJson } from '@org/example-tasks'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { getAuthorization, requireAuthorization } from '@org/zitadel-auth-fetch/hono'
import { type Context, type ErrorHandler, Hono } from 'hono'

/** Makes the tasks API: a public route, one for every good token, and one for admins. */
export function createTasksApi(auth: ZitadelAuth): RequestListener {
  const tasks = createTaskList()
  const app = new Hono<{ Bindings: HttpBindings }>()

  app.all('/api/healthz', (c) => respond(c, 200, 'OK'))

  app.all('/api/tasks', requireAuthorization(auth), (c) => respond(c, 200, tasks.list(getAuthorization(c))))

  app.all('/api/add-task', requireAuthorization(auth, { role: 'admin' }), async (c) => {
    const { status, message } = tasks.add(await readTask(c.env.incoming), getAuthorization(c))
    return respond(c, status, message)
  })

  app.notFound((c) => respond(c, 404, 'not found'))
  app.onError(respondToError)
  return getRequestListener(app.fetch)
}

/** What is not authorization is left to the application: here, a body that can't be read. */
const respondToError: ErrorHandler = (error, c) => {
  const { status = 500, message } = error as Error & { status?: 400 | 413 | 415 }
  const isClientError = status < 500
  if (!isClientError) log.error('request failed', { error: message })
  return respond(c, isClientError ? status : 500, isClientError ? 'request body cannot be read' : 'internal error')
}

function respond(c: Context, status: 200 | 400 | 404 | 413 | 415 | 500, value: unknown): Response {
  return c.body(toJson(value), status, { 'Content-Type': 'application/json' })
}

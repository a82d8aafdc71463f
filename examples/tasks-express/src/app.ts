import { createTaskList, log, readTask, toJson } from '@org/example-tasks'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { getAuthorization, requireAuthorization } from '@org/zitadel-auth-express'
import express, { type ErrorRequestHandler, type Express, type Response } from 'express'

/** Makes the tasks API: a public route, one for every good token, and one for admins. */
export function createTasksApi(auth: ZitadelAuth): Express {
  const tasks = createTaskList()
  const app = express().disable('x-powered-by')

  app.all('/api/healthz', (_request, response) => respond(response, 200, 'OK'))

  app.all('/api/tasks', requireAuthorization(auth), (request, response) => {
    respond(response, 200, tasks.list(getAuthorization(request)))
  })

  app.all('/api/add-task', requireAuthorization(auth, { role: 'admin' }), async (request, response) => {
    const { status, message } = tasks.add(await readTask(request), getAuthorization(request))
    respond(response, status, message)
  })

  app.use((_request, response) => respond(response, 404, 'not found'))
  app.use(respondToError)
  return app
}

/** What is not authorization is left to the application: here, a body that can't be read. */
const respondToError: ErrorRequestHandler = (error, _request, response, _next) => {
  const isClientError = error.status >= 400 && error.status < 500
  if (!isClientError) log.error('request failed', { error: error.message })
  respond(
    response,
    isClientError ? error.status : 500,
    isClientError ? 'request body cannot be read' : 'internal error',
  )
}

/** `response.json()` would name a charset, which the guide's answers do not. */
function respond(response: Response, status: number, value: unknown): void {
  response.status(status).setHeader('Content-Type', 'application/json').end(toJson(value))
}

import type { RequestListener } from 'node:http'
import { createTaskList, log, readTask, toJson } from '@org/example-tasks'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { getAuthorization, zitadelAuth } from '@org/zitadel-auth-fastify'
import fastify, { type FastifyError, type FastifyReply } from 'fastify'

/** Makes the tasks API: a public route, one for every good token, and one for admins. */
export async function createTasksApi(auth: ZitadelAuth): Promise<RequestListener> {
  const tasks = createTaskList()
  const app = fastify()
  await app.register(zitadelAuth, { auth })
  // The body is left to the one reader of all examples.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))

  app.all('/api/healthz', { config: { authorization: 'public' } }, (_request, reply) => respond(reply, 200, 'OK'))

  app.all('/api/tasks', (request, reply) => respond(reply, 200, tasks.list(getAuthorization(request))))

  app.all('/api/add-task', { config: { authorization: { role: 'admin' } } }, async (request, reply) => {
    const { status, message } = tasks.add(await readTask(request.raw), getAuthorization(request))
    return respond(reply, status, message)
  })

  app.setNotFoundHandler((_request, reply) => respond(reply, 404, 'not found'))
  app.setErrorHandler<FastifyError>((error, _request, reply) => respondToError(error, reply))
  await app.ready()
  return app.routing
}

/** What is not authorization is left to the application: here, a body that can't be read. */
function respondToError({ statusCode = 500, message }: FastifyError, reply: FastifyReply): FastifyReply {
  const isClientError = statusCode >= 400 && statusCode < 500
  if (!isClientError) log.error('request failed', { error: message })
  return respond(
    reply,
    isClientError ? statusCode : 500,
    isClientError ? 'request body cannot be read' : 'internal error',
  )
}

/** Bytes, since Fastify would name a charset, which the guide's answers do not. */
function respond(reply: FastifyReply, status: number, value: unknown): FastifyReply {
  return reply
    .code(status)
    .header('Content-Type', 'application/json')
    .send(Buffer.from(toJson(value)))
}

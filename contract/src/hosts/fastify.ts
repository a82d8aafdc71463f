import { authorize } from '@org/zitadel-auth'
import { authorizationErrorHandler, getAuthorization, zitadelAuth } from '@org/zitadel-auth-fastify'
import fastify, { type FastifyInstance } from 'fastify'
import { createCrash, describeContext, earlyHeader, type Host, type Scenario } from '../host.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly partner?: true
  }
}

export const fastifyHost: Host = {
  name: 'Fastify 5',
  async start(scenario) {
    const app = await createApp(scenario)
    return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
  },
}

async function createApp(scenario: Scenario): Promise<FastifyInstance> {
  const { auth, requirement, requirementInHandler = { role: 'admin' }, second = auth, onHandled = () => {} } = scenario
  const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false })
  app.addHook('onRequest', async (_request, reply) => void reply.header(...earlyHeader))
  await app.register(zitadelAuth, { auth, onRefusal: scenario.onRefusal === 'forward' ? 'throw' : 'respond' })
  await app.register(zitadelAuth, { auth: second, name: 'partner' })
  setErrorHandlers(app, scenario)

  app.all('/required', { config: { authorization: requirement ?? true } }, async (request) => {
    onHandled(getAuthorization(request))
    return describeContext(getAuthorization(request))
  })
  app.all('/optional', { onRequest: app.authorization.optional(requirement) }, async (request) => {
    onHandled(request.authorization ?? undefined)
    return describeContext(request.authorization ?? undefined)
  })
  app.all('/second', { config: { partner: true } }, async (request) =>
    describeContext(getAuthorization(request, 'partner')),
  )
  app.all('/authorize', { config: { authorization: true } }, async (request) => {
    authorize(getAuthorization(request), requirementInHandler)
    return describeContext(getAuthorization(request))
  })
  app.all('/crash', { config: { authorization: true } }, async () => {
    throw createCrash()
  })
  app.all('/unprotected', async (request) => describeContext(getAuthorization(request)))
  return app
}

/** The application's own handler, and inside it the adapter's, unless the application wants to answer refusals itself. */
function setErrorHandlers(app: FastifyInstance, { auth, onRefusal }: Scenario): void {
  const answerRefusal = authorizationErrorHandler(auth)
  app.setErrorHandler<Error & { status?: number }>(async (error, request, reply) => {
    if (onRefusal !== 'forward' && auth.refusal(error) !== undefined) return answerRefusal(error, request, reply)
    return reply.code(error.status ?? 500).send({ name: error.name, message: error.message })
  })
}

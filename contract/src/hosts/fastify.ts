import { text } from 'node:stream/consumers'
import { authorize } from '@org/zitadel-auth'
import {
  authorizationErrorHandler,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  type RequirementRequest,
  requireAuthorization,
  resourceMetadata,
  revocationEndpoint,
  zitadelAuth,
} from '@org/zitadel-auth-fastify'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import {
  createCrash,
  describeContext,
  describeError,
  type Host,
  listEarlyHeaders,
  readRequirementOf,
  readRevocationOf,
  type Scenario,
} from '../host.js'

export const fastifyHost: Host = {
  name: 'Fastify 5',
  async start(scenario) {
    const app = await createApp(scenario)
    return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() }
  },
}

async function createApp(scenario: Scenario): Promise<FastifyInstance> {
  const { auth, requirementInHandler = { role: 'admin' }, second = auth } = scenario
  const requirement = readRequirementOf(scenario)
  const { onRefusal = 'respond', requirementFor = () => true, onHandled = () => {}, onResponse = () => {} } = scenario
  const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false })
  app.addHook('onRequest', async (_request, reply) => {
    for (const [name, value] of listEarlyHeaders(scenario)) reply.header(name, value)
    onResponse(reply.raw)
  })
  await app.register(zitadelAuth, { auth, onRefusal })
  await app.register(zitadelAuth, { auth: second, name: 'partner', undeclared: 'public' })
  if (auth.resourceMetadata !== undefined) await app.register(resourceMetadata(auth))
  setErrorHandlers(app, scenario)

  const answer = async (request: FastifyRequest) => {
    onHandled(getOptionalAuthorization(request))
    return describeContext(getOptionalAuthorization(request))
  }
  const byOrganization = ({ params }: RequirementRequest) => requirementFor(params.organization)

  const revocation = revocationEndpoint(auth, readRevocationOf(scenario))
  app.all('/events', revocation)
  app.all('/parsed-events', { ...revocation, onRequest: [readBody, revocation.onRequest].flat() as never })
  app.all('/required', { config: { authorization: requirement } }, answer)
  app.all('/optional', { config: { authorization: { optional: requirement } } }, answer)
  app.all('/function/:organization', { config: { authorization: byOrganization } }, answer)
  app.all('/optional-function/:organization', { config: { authorization: { optional: byOrganization } } }, answer)
  app.all('/stale', { onRequest: [requireAuthorization(auth), removeHeader, optionalAuthorization(auth)] }, answer)
  app.all('/second', { config: { authorization: 'public', partner: true } }, async (request) =>
    describeContext(getAuthorization(request, 'partner')),
  )
  app.all('/authorize', async (request) => {
    authorize(getAuthorization(request), requirementInHandler)
    return describeContext(getAuthorization(request))
  })
  app.all('/crash', async () => {
    throw createCrash()
  })
  app.all('/unprotected', { config: { authorization: 'public' } }, async (request) =>
    describeContext(getAuthorization(request)),
  )
  return app
}

/** What plugins do that read a body themselves. */
async function readBody(request: FastifyRequest): Promise<void> {
  await text(request.raw)
}

async function removeHeader(request: FastifyRequest): Promise<void> {
  delete request.headers.authorization
}

/** The application's own handler, and inside it the adapter's, unless the application wants to answer refusals itself. */
function setErrorHandlers(app: FastifyInstance, { auth, onRefusal, errorHandling }: Scenario): void {
  if (errorHandling === 'default') return
  const answerRefusal = authorizationErrorHandler(auth)
  app.setErrorHandler<Error & { status?: number }>(async (error, request, reply) => {
    if (onRefusal !== 'throw' && auth.refusal(error) !== undefined) return answerRefusal(error, request, reply)
    return reply.code(error.status ?? 500).send(describeError(error, request.headers['x-request-id']))
  })
}

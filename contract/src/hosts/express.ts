import { createServer } from 'node:http'
import { type AuthorizationContext, authorize } from '@org/zitadel-auth'
import {
  authorizationErrorHandler,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  type RequirementRequest,
  requireAuthorization,
  resourceMetadata,
  revocationEndpoint,
} from '@org/zitadel-auth-express'
import express5, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express'
import express4 from 'express4'
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

export const expressHosts: readonly Host[] = [createHost('Express 4', express4), createHost('Express 5', express5)]

function createHost(name: string, express: typeof express5): Host {
  return { name, start: (scenario) => listen(createServer(createApp(express(), scenario))) }
}

function createApp(app: Express, scenario: Scenario): Express {
  const { auth, requirementInHandler = { role: 'admin' }, second = auth } = scenario
  const requirement = readRequirementOf(scenario)
  const {
    onRefusal = 'respond',
    errorHandling = 'own',
    requirementFor = () => true,
    onHandled = () => {},
    onResponse = () => {},
  } = scenario
  const options = { onRefusal }
  const answer = (response: Response, context: AuthorizationContext | undefined): void => {
    onHandled(context)
    response.json(describeContext(context))
  }

  app.use((_request, response, next) => {
    for (const [name, value] of listEarlyHeaders(scenario)) response.setHeader(name, value)
    onResponse(response)
    next()
  })
  app.all('/events', revocationEndpoint(auth, readRevocationOf(scenario)))
  app.all('/parsed-events', express5.json(), revocationEndpoint(auth, readRevocationOf(scenario)))
  if (auth.resourceMetadata !== undefined) app.use(resourceMetadata(auth))
  app.all('/required', requireAuthorization(auth, requirement, options), (request, response) => {
    answer(response, getAuthorization(request))
  })
  app.all('/optional', optionalAuthorization(auth, requirement, options), (request, response) => {
    answer(response, getOptionalAuthorization(request))
  })
  const byOrganization = (request: RequirementRequest) => requirementFor(request.params.organization)
  app.all('/function/:organization', requireAuthorization(auth, byOrganization, options), (request, response) => {
    answer(response, getAuthorization(request))
  })
  app.all('/optional-function/:organization', optionalAuthorization(auth, byOrganization), (request, response) => {
    answer(response, getOptionalAuthorization(request))
  })
  app.all('/stale', requireAuthorization(auth), removeHeader, optionalAuthorization(auth), (request, response) => {
    answer(response, getOptionalAuthorization(request))
  })
  app.all('/second', requireAuthorization(second), (request, response) => answer(response, getAuthorization(request)))
  app.all('/authorize', requireAuthorization(auth), (request, response) => {
    authorize(getAuthorization(request), requirementInHandler)
    answer(response, getAuthorization(request))
  })
  app.all('/crash', requireAuthorization(auth), () => {
    throw createCrash()
  })
  app.all('/unprotected', (request) => {
    // The compiler refuses it without the cast.
    getAuthorization(request as never)
  })
  if (onRefusal === 'respond') app.use(authorizationErrorHandler(auth))
  if (errorHandling === 'own') app.use(respondToError)
  return app
}

const removeHeader: RequestHandler = (request, _response, next) => {
  delete request.headers.authorization
  next()
}

const respondToError: ErrorRequestHandler = (error, request, response, _next) => {
  response
    .status(error.status ?? 500)
    .set(error.headers ?? {})
    .json(describeError(error, request.headers['x-request-id']))
}

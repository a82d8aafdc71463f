import { createServer } from 'node:http'
import { type AuthorizationContext, authorize } from '@org/zitadel-auth'
import {
  authorizationErrorHandler,
  getAuthorization,
  getOptionalAuthorization,
  optionalAuthorization,
  requireAuthorization,
} from '@org/zitadel-auth-express'
import express5, { type ErrorRequestHandler, type Express, type Response } from 'express'
import express4 from 'express4'
import { createCrash, describeContext, earlyHeader, type Host, listen, type Scenario } from '../host.js'

export const expressHosts: readonly Host[] = [createHost('Express 4', express4), createHost('Express 5', express5)]

function createHost(name: string, express: typeof express5): Host {
  return { name, start: (scenario) => listen(createServer(createApp(express(), scenario))) }
}

function createApp(app: Express, scenario: Scenario): Express {
  const { auth, requirement, requirementInHandler = { role: 'admin' }, second = auth, onHandled = () => {} } = scenario
  const options = { onRefusal: scenario.onRefusal === 'forward' ? 'next' : 'respond' } as const
  const answer = (response: Response, context: AuthorizationContext | undefined): void => {
    onHandled(context)
    response.json(describeContext(context))
  }

  app.use((_request, response, next) => {
    response.setHeader(...earlyHeader)
    next()
  })
  app.all('/required', requireAuthorization(auth, requirement, options), (request, response) => {
    answer(response, getAuthorization(request))
  })
  app.all('/optional', optionalAuthorization(auth, requirement, options), (request, response) => {
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
  if (scenario.onRefusal !== 'forward') app.use(authorizationErrorHandler(auth))
  app.use(respondToError)
  return app
}

const respondToError: ErrorRequestHandler = (error, _request, response, _next) => {
  response
    .status(error.status ?? 500)
    .set(error.headers ?? {})
    .json({ name: error.name, message: error.message })
}

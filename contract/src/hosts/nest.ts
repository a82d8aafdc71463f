import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  All,
  type ArgumentsHost,
  type CanActivate,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  HttpCode,
  type INestApplication,
  Module,
  UseGuards,
} from '@nestjs/common'
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { type AuthorizationContext, authorize } from '@org/zitadel-auth'
import {
  Authorization,
  Authorize,
  findAuthorizationError,
  OptionalAuthorization,
  optionalAuthorization,
  Public,
  RefusalFilter,
  requireAuthorization,
  resourceMetadata,
  revocationEndpoint,
  ZitadelAuthModule,
} from '@org/zitadel-auth-nest'
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

/** Nest on each of its platforms, of the version that this file is loaded with. */
export function createNestHosts(version: string): readonly Host[] {
  return [
    createHost(`${version} on Express`, () => new ExpressAdapter()),
    createHost(
      `${version} on Fastify`,
      () => new FastifyAdapter({ forceCloseConnections: true, exposeHeadRoutes: false }),
    ),
  ]
}

function createHost(name: string, createAdapter: () => AbstractHttpAdapter): Host {
  return {
    name,
    readsBodyFirst: true,
    async start(scenario) {
      const app = await createApp(scenario, createAdapter())
      await app.listen(0, '127.0.0.1')
      const { port } = app.getHttpServer().address() as AddressInfo
      return { url: `http://127.0.0.1:${port}`, close: () => app.close() }
    },
  }
}

async function createApp(scenario: Scenario, adapter: AbstractHttpAdapter): Promise<INestApplication> {
  const { auth, onRefusal = 'respond', onResponse = () => {} } = scenario
  @Module({ imports: [ZitadelAuthModule.forRoot({ auth, onRefusal })], controllers: [createController(scenario)] })
  class Root {}
  const app = await NestFactory.create(Root, adapter, {
    logger: false,
    abortOnError: false,
    forceCloseConnections: true,
  })
  app.use((_request: unknown, response: ServerResponse, next: () => void) => {
    for (const [name, value] of listEarlyHeaders(scenario)) response.setHeader(name, value)
    onResponse(response)
    next()
  })
  const revocation = revocationEndpoint(auth, readRevocationOf(scenario))
  app.use('/events', revocation)
  app.use('/parsed-events', readBody)
  app.use('/parsed-events', revocation)
  if (auth.resourceMetadata !== undefined) app.use(resourceMetadata(auth))
  if (scenario.errorHandling !== 'default') app.useGlobalFilters(createFilter(scenario, adapter))
  return app
}

function createController(scenario: Scenario) {
  const { auth, requirementInHandler = { role: 'admin' }, second = auth } = scenario
  const { requirementFor = () => true, onHandled = () => {}, onRefusal = 'respond' } = scenario
  const requirement = readRequirementOf(scenario)
  const byOrganization = (context: ExecutionContext) =>
    requirementFor(context.switchToHttp().getRequest().params.organization)
  const answer = (context: AuthorizationContext | undefined) => {
    onHandled(context)
    return describeContext(context)
  }

  @Controller()
  class Routes {
    @All('required')
    @HttpCode(200)
    @Authorize(requirement)
    required(@Authorization() context: AuthorizationContext) {
      return answer(context)
    }

    @All('optional')
    @HttpCode(200)
    @OptionalAuthorization(requirement)
    optional(@Authorization() context?: AuthorizationContext) {
      return answer(context)
    }

    @All('function/:organization')
    @HttpCode(200)
    @Authorize(byOrganization)
    function(@Authorization() context: AuthorizationContext) {
      return answer(context)
    }

    @All('optional-function/:organization')
    @HttpCode(200)
    @OptionalAuthorization(byOrganization)
    optionalFunction(@Authorization() context?: AuthorizationContext) {
      return answer(context)
    }

    @All('stale')
    @HttpCode(200)
    @UseGuards(removeHeader, optionalAuthorization(auth, true, { onRefusal }))
    stale(@Authorization() context?: AuthorizationContext) {
      return answer(context)
    }

    @All('second')
    @HttpCode(200)
    @Public()
    @UseGuards(requireAuthorization(second, true, { onRefusal }))
    second(@Authorization() context: AuthorizationContext) {
      return answer(context)
    }

    @All('authorize')
    @HttpCode(200)
    authorize(@Authorization() context: AuthorizationContext) {
      authorize(context, requirementInHandler)
      return answer(context)
    }

    @All('crash')
    crash() {
      throw createCrash()
    }

    @All('unprotected')
    @Public()
    unprotected(@Authorization() context: AuthorizationContext) {
      return answer(context)
    }
  }
  return Routes
}

/** What parsers do. */
function readBody(request: IncomingMessage, _response: unknown, next: () => void): void {
  text(request).then(next, next)
}

const removeHeader: CanActivate = {
  canActivate(context) {
    delete context.switchToHttp().getRequest().headers.authorization
    return true
  },
}

/** The application's own filter, and inside it the adapter's, unless the application wants to answer refusals itself. */
function createFilter({ auth, onRefusal }: Scenario, adapter: AbstractHttpAdapter): ExceptionFilter {
  const refusals = new RefusalFilter(auth)
  return {
    catch(exception: Error & { status?: number }, host: ArgumentsHost) {
      if (onRefusal !== 'throw' && findAuthorizationError(exception)) return refusals.catch(exception, host)
      const { headers } = host.switchToHttp().getRequest()
      const body = describeError(exception, headers['x-request-id'])
      return adapter.reply(host.switchToHttp().getResponse(), body, exception.status ?? 500)
    },
  }
}

import type { Server } from 'node:http'
import {
  All,
  applyDecorators,
  type CallHandler,
  Controller,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  Req,
  type Type,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { ZitadelAuth } from '@org/zitadel-auth'
import {
  Authorize,
  OptionalAuthorization,
  optionalAuthorization,
  RefusalFilter,
  requireAuthorization,
  ZitadelAuthModule,
  type ZitadelAuthModuleOptions,
} from '@org/zitadel-auth-nest'
import { type Application, listen } from './application.js'
import { badToken, type Credentials, missingRole, noToken, zitadelDown } from './credentials.js'
import { delays } from './delay.js'
import { deferEnd, observe as observeExpress } from './express-behind.js'
import { observe as observeFastify } from './fastify-behind.js'
import { http1 } from './http1.js'
import { exchangeHeader, type Journal } from './journal.js'

/** A way to protect a handler. */
interface Way {
  readonly name: string
  readonly refuses: readonly Credentials[]
  readonly options?: Partial<ZitadelAuthModuleOptions>
  /** The decorators of the handler. */
  decorate(auth: ZitadelAuth): readonly MethodDecorator[]
  /** What else the application does. */
  prepare?(app: INestApplication, auth: ZitadelAuth): void
}

const admin = { role: 'admin' }
const byGuardsOnly = { undeclared: 'public' } as const

const ways: readonly Way[] = [
  { name: 'no decorator at all', refuses: [noToken, badToken, zitadelDown], decorate: () => [] },
  {
    name: '@Authorize(requirement)',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    decorate: () => [Authorize(admin)],
  },
  {
    name: '@Authorize(a function of the context)',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    decorate: () => [Authorize(async () => admin)],
  },
  {
    name: '@OptionalAuthorization(requirement)',
    refuses: [badToken, missingRole, zitadelDown],
    decorate: () => [OptionalAuthorization(admin)],
  },
  {
    name: '@UseGuards(requireAuthorization(auth, requirement))',
    refuses: [noToken, badToken, missingRole, zitadelDown],
    options: byGuardsOnly,
    decorate: (auth) => [UseGuards(requireAuthorization(auth, admin))],
  },
  {
    name: '@UseGuards(optionalAuthorization(auth, requirement))',
    refuses: [badToken, missingRole, zitadelDown],
    options: byGuardsOnly,
    decorate: (auth) => [UseGuards(optionalAuthorization(auth, admin))],
  },
  {
    name: "onRefusal: 'throw' and a filter of the application",
    refuses: [noToken, badToken, missingRole, zitadelDown],
    options: { onRefusal: 'throw' },
    decorate: () => [Authorize(admin)],
    prepare: (app, auth) => void app.useGlobalFilters(new RefusalFilter(auth)),
  },
]

/** What carries the requests to Nest, and how a response is finished late there. */
interface Platform {
  readonly name: string
  createAdapter(): ExpressAdapter | FastifyAdapter
  observe(app: INestApplication, journal: Journal): void
}

const platforms: readonly Platform[] = [
  {
    name: 'Express',
    createAdapter: () => new ExpressAdapter(),
    observe: (app, journal) => void app.use(observeExpress(journal)).use(deferEnd(journal)),
  },
  {
    name: 'Fastify',
    createAdapter: () => new FastifyAdapter({ exposeHeadRoutes: false }),
    observe(app, journal) {
      const fastify = app.getHttpAdapter().getInstance()
      observeFastify(fastify, journal)
      fastify.addHook('onSend', async ({ headers }: Headers, _reply: unknown, payload: unknown) => {
        await new Promise<void>((resolve) => journal.find(headers[exchangeHeader]).answer(resolve))
        return payload
      })
    },
  },
]

interface Headers {
  readonly headers: Readonly<Record<string, unknown>>
}

/** Nest on each of its platforms, of the version that this file is loaded with, with every way to protect a handler. */
export function createNestApplications(version: string): readonly Application[] {
  return platforms.flatMap((platform) => ways.map((way) => createApplication(version, platform, way)))
}

function createApplication(version: string, { name, createAdapter, observe }: Platform, way: Way): Application {
  return {
    name: `${version} on ${name}, ${way.name}`,
    protocol: http1,
    ...{ refuses: way.refuses, delays },
    // Nest reads the body before any guard, and one that breaks off is an error, of which there is nobody left to tell.
    mayForget: ({ goneBefore }, { hasBody }) => hasBody && goneBefore === 'guard',
    async start(auth, journal) {
      const imports = [ZitadelAuthModule.forRoot({ auth, ...way.options })]
      const root = { module: class Root {}, imports, controllers: [createController(journal, way.decorate(auth))] }
      const app = await NestFactory.create(root, createAdapter(), { logger: false, abortOnError: false })
      observe(app, journal)
      way.prepare?.(app, auth)
      await app.init()
      await app.getHttpAdapter().getInstance().ready?.()
      return listen(app.getHttpServer() as Server)
    },
  }
}

/** A handler, and what stands between it and the guard. */
function createController(journal: Journal, decorators: readonly MethodDecorator[]): Type {
  const find = ({ headers }: Headers) => journal.find(headers[exchangeHeader])
  const behind: NestInterceptor = {
    intercept(context: ExecutionContext, next: CallHandler) {
      find(context.switchToHttp().getRequest()).run('the interceptor behind the guard')
      return next.handle()
    },
  }

  @Controller()
  class Routes {
    @All()
    @UseInterceptors(behind)
    @applyDecorators(...decorators)
    handle(@Req() request: Headers) {
      find(request).run('the handler')
      return {}
    }
  }
  return Routes
}

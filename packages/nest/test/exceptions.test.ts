import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  HttpException,
  Inject,
  Injectable,
  type NestInterceptor,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common'
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core'
import { type AuthorizationContext, authorize, isAuthorizationError } from '@org/zitadel-auth'
import { map } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import {
  Authorization,
  Authorize,
  findAuthorizationError,
  getAuthorization,
  getOptionalAuthorization,
  OptionalAuthorization,
  Public,
  RefusalFilter,
} from '../src/index.js'
import { ask, create, listen, platforms, setUp, start } from './set-up.js'

const caught = vi.fn()

/** What many applications have: one filter for everything, in their own words. */
@Catch()
class Everything implements ExceptionFilter {
  readonly #host: HttpAdapterHost
  constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost) {
    this.#host = host
  }
  catch(exception: unknown, host: ArgumentsHost) {
    caught(exception)
    const status = exception instanceof HttpException ? exception.getStatus() : 500
    const message = exception instanceof HttpException ? exception.message : 'internal'
    this.#host.httpAdapter.reply(host.switchToHttp().getResponse(), { message }, status)
  }
}

@Controller()
class Tasks {
  @Get('tasks')
  @Authorize({ role: 'admin' })
  list() {
    return 'list'
  }

  @Get('authorize')
  authorize(@Authorization() authorization: AuthorizationContext) {
    authorize(authorization, { role: 'admin' })
    return 'authorized'
  }
}

const headers = {
  'www-authenticate': 'Bearer error="insufficient_scope"',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}
const denied = 'permission denied: missing required role: `admin`'
const text = { status: 403, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body: `${denied}\n` }

describe.each(platforms)('a refusal on %s', (_, createAdapter) => {
  it('is answered in the same way where a handler refuses', async () => {
    const { auth, token } = await setUp()
    const url = await start(auth, { controllers: [Tasks] }, createAdapter)
    expect(await ask(`${url}/authorize`, token)).toMatchObject(text)
  })

  it('keeps status, headers and text under a filter that catches everything', async () => {
    const { auth, token } = await setUp()
    const app = await create(auth, { controllers: [Tasks] }, createAdapter)
    app.useGlobalFilters(new Everything(app.get(HttpAdapterHost)))
    const url = await listen(app)
    caught.mockClear()
    expect(await ask(`${url}/tasks`, token)).toMatchObject({
      status: 403,
      headers: { ...headers, 'content-type': expect.stringContaining('application/json') },
      body: JSON.stringify({ message: denied }),
    })
    const [exception] = caught.mock.calls[0] ?? []
    expect(findAuthorizationError(exception)).toMatchObject({ code: 'ERR_PERMISSION_DENIED' })
    expect(JSON.stringify(exception)).not.toContain('reason')
  })

  it('keeps Retry-After under such a filter', async () => {
    const { auth, token, zitadel } = await setUp()
    const app = await create(auth, { controllers: [Tasks] }, createAdapter)
    app.useGlobalFilters(new Everything(app.get(HttpAdapterHost)))
    const url = await listen(app)
    await zitadel.pause()
    expect(await ask(`${url}/tasks`, token)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
  })

  it('can be handed on by such a filter, as a provider and in a controller', async () => {
    @Catch()
    class HandsOn implements ExceptionFilter {
      readonly #refusals: RefusalFilter
      constructor(@Inject(RefusalFilter) refusals: RefusalFilter) {
        this.#refusals = refusals
      }
      catch(exception: unknown, host: ArgumentsHost) {
        caught(exception)
        return this.#refusals.catch(exception, host)
      }
    }
    @Controller('own')
    @UseFilters(HandsOn)
    class Own extends Tasks {}
    const { auth, token } = await setUp()
    const providers = [{ provide: APP_FILTER, useClass: HandsOn }]
    const url = await start(auth, { controllers: [Tasks, Own], providers }, createAdapter)
    for (const path of ['tasks', 'authorize', 'own/tasks', 'own/authorize']) {
      expect(await ask(`${url}/${path}`, token)).toMatchObject(text)
    }
    caught.mockClear()
  })

  it("is the application's with onRefusal: 'throw', with its headers on the response", async () => {
    const { auth, token } = await setUp()
    const app = await create(auth, { controllers: [Tasks], options: { onRefusal: 'throw' } }, createAdapter)
    app.useGlobalFilters(new Everything(app.get(HttpAdapterHost)))
    const url = await listen(app)
    caught.mockClear()
    expect(await ask(`${url}/tasks`, token)).toMatchObject({ status: 500, headers })
    expect(await ask(`${url}/authorize`, token)).toMatchObject({ status: 500 })
    expect(caught.mock.calls.map(([error]) => isAuthorizationError(error))).toEqual([true, true])
  })

  it('leaves what is not about authorization alone', async () => {
    @Controller()
    class Crashing {
      @Get('crash')
      @Public()
      crash() {
        throw new HttpException('teapot', 418)
      }
      @Get('check')
      @Authorize({ check: () => Promise.reject(new Error('a secret')) as never })
      check() {}
    }
    const { auth, token } = await setUp()
    const url = await start(auth, { controllers: [Crashing] }, createAdapter)
    expect(await ask(`${url}/crash`)).toMatchObject({ status: 418 })
    const { status, body } = await ask(`${url}/check`, token)
    expect([status, body.includes('secret')]).toEqual([500, false])
  })

  it('is not written twice where the application was faster', async () => {
    const { auth, token, zitadel } = await setUp()
    const app = await create(auth, { controllers: [Tasks] }, createAdapter)
    app.use((_request: unknown, response: { end(text: string): void }, next: () => void) => {
      response.end('timeout')
      next()
    })
    const url = await listen(app)
    expect(await ask(`${url}/tasks`, token)).toMatchObject({ status: 200, body: 'timeout' })
    await zitadel.pause()
    expect(await ask(`${url}/tasks`, token)).toMatchObject({ status: 200, body: 'timeout' })
  })

  it('and who calls, are known to interceptors', async () => {
    @Injectable()
    class Signs implements NestInterceptor {
      intercept(context: ExecutionContext, next: CallHandler) {
        const { userId } = getAuthorization(context)
        return next.handle().pipe(map((body) => `${body} ${userId === getOptionalAuthorization(context)?.userId}`))
      }
    }
    @Controller()
    @UseInterceptors(Signs)
    class Signed {
      @Get('signed')
      signed() {
        return 'signed'
      }
      @Get('anonymous')
      @OptionalAuthorization()
      anonymous() {}
      @Get('public')
      @Public()
      public() {}
    }
    const { auth, token } = await setUp()
    const url = await start(auth, { controllers: [Signed] }, createAdapter)
    expect(await ask(`${url}/signed`, token)).toMatchObject({ status: 200, body: 'signed true' })
    expect(await ask(`${url}/anonymous`)).toMatchObject({ status: 500 })
    expect(await ask(`${url}/public`, token)).toMatchObject({ status: 500 })
  })
})

describe('RefusalFilter', () => {
  for (const nothing of [undefined, null, {}, true, { refusal: 'no' }]) {
    it(`is nothing without an auth, as ${JSON.stringify(nothing)} is none`, () => {
      expect(() => new RefusalFilter(nothing as never)).toThrow(
        new TypeError('the first argument is not a ZitadelAuth: give what createZitadelAuth returns'),
      )
    })
  }
})

import {
  applyDecorators,
  type CanActivate,
  Controller,
  Get,
  Inject,
  Injectable,
  type MessageEvent,
  Req,
  Scope,
  Sse,
  type Type,
  UseGuards,
  Version,
  VersioningType,
} from '@nestjs/common'
import { APP_GUARD, REQUEST } from '@nestjs/core'
import type { AuthorizationContext } from '@org/zitadel-auth'
import { type Observable, of } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import {
  Authorization,
  Authorize,
  getAuthorization,
  OptionalAuthorization,
  Public,
  Roles,
  requireAuthorization,
} from '../src/index.js'
import { ask, create, listen, platforms, setUp, start } from './set-up.js'

/** What other decorators do that trace or retry: they put a function of their own into the place of a method. */
function Traced(): MethodDecorator {
  return (_target, _property, descriptor: PropertyDescriptor) => {
    const original = descriptor.value
    descriptor.value = function (this: unknown, ...args: unknown[]) {
      return original.apply(this, args)
    }
  }
}

function attempt(read: () => string): unknown {
  try {
    return read()
  } catch (error) {
    return error
  }
}

const AdminOnly = () => applyDecorators(Get('composed'), Authorize({ role: 'admin' }))

class Base {
  @Get('inherited')
  @Authorize({ role: 'admin' })
  inherited() {
    return 'inherited'
  }

  @Get('overridden')
  @Authorize({ role: 'admin' })
  overridden() {
    return 'of the base'
  }
}

@Controller()
class Tasks extends Base {
  readonly bound: () => string

  constructor() {
    super()
    this.bound = this.boundByConstructor
    this.boundByConstructor = this.boundByConstructor.bind(this)
  }

  @Get('overridden')
  override overridden() {
    return 'overridden'
  }

  @Get('traced')
  @Traced()
  @Authorize({ role: 'admin' })
  traced() {
    return 'traced'
  }

  @Get('bound')
  @Authorize({ role: 'admin' })
  boundByConstructor() {
    return 'bound'
  }

  @AdminOnly()
  composed() {
    return 'composed'
  }

  @Get('context')
  @Roles('admin')
  context(@Req() { headers }: { headers: object }, @Authorization() { userId }: AuthorizationContext) {
    return `${userId}${Object.keys(headers).length > 0}`
  }

  @Sse('events')
  @Authorize({ role: 'admin' })
  events(): Observable<MessageEvent> {
    return of({ data: 'one' })
  }

  @Get('versioned')
  @Version('2')
  @Authorize({ role: 'admin' })
  versioned() {
    return 'versioned'
  }
}

const paths = ['inherited', 'overridden', 'traced', 'bound', 'composed', 'context', 'events', 'v2/versioned']

describe.each(platforms)('a handler on %s', (_, createAdapter) => {
  it('asks for what is said of it, however Nest has come to it', async () => {
    const { auth, token, adminToken } = await setUp()
    const app = await create(auth, { controllers: [Tasks] }, createAdapter)
    app.enableVersioning({ type: VersioningType.URI })
    const url = await listen(app)
    for (const path of paths) {
      const answers = await Promise.all([undefined, token, adminToken].map((one) => ask(`${url}/${path}`, one)))
      expect([path, ...answers.map(({ status }) => status)]).toEqual([path, 401, 403, 200])
    }
  })

  it('asks for what its class says, unless it says something itself', async () => {
    @Controller()
    @Authorize({ role: 'admin' })
    class Admin {
      @Get('list')
      list() {
        return 'list'
      }

      @Get('health')
      @Public()
      health() {
        return 'health'
      }
    }
    @Controller('heir')
    class Heir extends Admin {}
    const { auth, token } = await setUp()
    const url = await start(auth, { controllers: [Admin, Heir] }, createAdapter)
    expect(await ask(`${url}/list`, token)).toMatchObject({ status: 403 })
    expect(await ask(`${url}/heir/list`, token)).toMatchObject({ status: 403 })
    expect(await ask(`${url}/health`)).toMatchObject({ status: 200 })
    expect(await ask(`${url}/heir/health`)).toMatchObject({ status: 200 })
  })

  it('goes by its own word, then by that of the nearest class, and is opened by nothing that it overrides', async () => {
    class Open {
      @Public()
      @Get('silent')
      silent() {}
      @Public()
      @Get('loud')
      loud() {}
      @Public()
      @Get('left')
      left() {}
      @OptionalAuthorization()
      @Get('optional')
      optional() {}
      @Roles('owner')
      @Get('strict')
      strict() {}
      @Roles('owner')
      @Get('left-strict')
      leftStrict() {}
    }
    const silence = <Base extends Type<Open>>(Parent: Base) => {
      class Silent extends Parent {
        @Get('silent')
        override silent() {}
        @Get('loud')
        @Authorize({ role: 'admin' })
        override loud() {}
        @Get('optional')
        override optional() {}
        @Get('strict')
        override strict() {}
      }
      return Silent
    }
    @Controller('plain')
    class Plain extends silence(Open) {}
    @Controller('admin')
    @Roles('admin')
    class Admin extends silence(Open) {}
    @Controller('public')
    @Public()
    class Opened extends silence(Open) {}
    @Roles('admin')
    class AdminBase extends Open {}
    @Controller('inherited')
    class Inherited extends silence(AdminBase) {}
    const { auth, token, adminToken } = await setUp()
    const url = await start(auth, { controllers: [Plain, Admin, Opened, Inherited] }, createAdapter)
    const ask3 = (path: string) => Promise.all([undefined, token, adminToken].map((one) => ask(`${url}/${path}`, one)))
    const [all, good, admin, nobody] = [
      [200, 200, 200],
      [401, 200, 200],
      [401, 403, 200],
      [401, 403, 403],
    ]
    for (const [path, expected] of Object.entries({
      ...{ 'plain/silent': good, 'plain/loud': admin, 'plain/optional': good, 'plain/strict': nobody },
      ...{ 'plain/left': all, 'plain/left-strict': nobody },
      ...{ 'admin/silent': admin, 'admin/loud': admin, 'admin/optional': admin, 'admin/strict': admin },
      ...{ 'admin/left': admin, 'admin/left-strict': nobody },
      ...{ 'public/silent': all, 'public/loud': admin, 'public/left': all, 'public/left-strict': nobody },
      ...{ 'inherited/silent': admin, 'inherited/left': admin, 'inherited/strict': nobody },
    })) {
      expect([path, ...(await ask3(path)).map(({ status }) => status)]).toEqual([path, ...(expected as number[])])
    }
  })

  it('is not what a function in its place calls itself', async () => {
    const wrap = (original: () => unknown, name: string) =>
      Object.defineProperty(() => original(), 'name', { value: name })
    @Controller()
    class Wrapped {
      constructor() {
        this.remove = wrap(this.remove, 'open') as never
        this.open = wrap(this.open, 'remove') as never
      }
      @Get('open')
      @Public()
      open() {
        return 'open'
      }
      @Get('remove')
      @Authorize({ role: 'admin' })
      remove() {
        return 'removed'
      }
    }
    @Controller({ path: 'scoped', scope: Scope.REQUEST })
    class Scoped extends Wrapped {}
    @Controller('swapped')
    class Swapped {
      constructor() {
        this.remove = this.open
      }
      @Get('open')
      @Public()
      open() {
        return 'open'
      }
      @Get('remove')
      @Authorize({ role: 'admin' })
      remove() {
        return 'removed'
      }
    }
    const { auth, token, adminToken } = await setUp()
    const url = await start(auth, { controllers: [Wrapped, Scoped, Swapped] }, createAdapter)
    const statuses = async (path: string) =>
      (await Promise.all([undefined, token, adminToken].map((one) => ask(`${url}/${path}`, one)))).map(
        ({ status }) => status,
      )
    expect(await statuses('open')).toEqual([200, 200, 200])
    expect(await statuses('remove')).toEqual([401, 403, 200])
    expect(await statuses('scoped/remove')).toEqual([500, 500, 500])
    expect(await statuses('swapped/remove')).toEqual([500, 500, 500])
  })

  it('is still the method that Nest has found when another function takes its place', async () => {
    @Controller()
    class Patched {
      @Get('patched')
      @Authorize({ role: 'admin' })
      patched() {}
      @Get('open')
      @Public()
      open() {}
    }
    class Patcher {
      onModuleInit() {
        Patched.prototype.patched = () => {}
      }
    }
    const { auth, token, adminToken } = await setUp()
    const parts = { controllers: [Patched], imports: [{ module: class Tracing {}, providers: [Patcher] }] }
    const url = await start(auth, parts, createAdapter)
    const answers = [undefined, token, adminToken].map((one) => ask(`${url}/patched`, one))
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 403, 200])
  })

  it('asks for what its class says below a decorator that puts a proxy around it', async () => {
    const Proxied = () => (target: object) => new Proxy(target, {}) as never
    @Controller()
    @Proxied()
    @Authorize({ role: 'admin' })
    class Below {
      @Get('below')
      below() {}
    }
    const { auth, token, adminToken } = await setUp()
    const url = await start(auth, { controllers: [Below] }, createAdapter)
    const answers = [undefined, token, adminToken].map((one) => ask(`${url}/below`, one))
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([401, 403, 200])
    @Controller()
    @Authorize({ role: 'admin' })
    @Proxied()
    class Above {
      @Get('above')
      above() {}
    }
    const app = await create(auth, { controllers: [Above] }, createAdapter)
    await expect(app.init()).rejects.toThrow(/^Above says what it asks for, and a decorator has put another class/)
  })

  it('is closed in a scope of the request too', async () => {
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class PerRequest {
      readonly request: unknown
      constructor(@Inject(REQUEST) request: unknown) {
        this.request = request
      }
    }
    @Controller()
    class Scoped {
      readonly perRequest: PerRequest
      constructor(@Inject(PerRequest) perRequest: PerRequest) {
        this.perRequest = perRequest
      }
      @Get('scoped')
      scoped(@Authorization() { userId }: AuthorizationContext) {
        return userId
      }
    }
    const { auth, token, user } = await setUp()
    const url = await start(auth, { controllers: [Scoped], providers: [PerRequest] }, createAdapter)
    expect(await ask(`${url}/scoped`)).toMatchObject({ status: 401 })
    expect(await ask(`${url}/scoped`, token)).toMatchObject({ status: 200, body: user.id })
  })

  it('is not reached by CORS, HEAD, or a path that nobody has', async () => {
    const { auth } = await setUp()
    const app = await create(auth, { controllers: [Tasks] }, createAdapter)
    app.enableCors({ origin: 'https://app.example' })
    const url = await listen(app)
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' }
    expect(await ask(`${url}/traced`, undefined, { method: 'OPTIONS', headers })).toMatchObject({ status: 204 })
    expect(await ask(`${url}/traced`, undefined, { headers })).toMatchObject({
      status: 401,
      headers: { 'access-control-allow-origin': 'https://app.example' },
    })
    expect(await ask(`${url}/traced`, undefined, { method: 'HEAD' })).toMatchObject({ status: 401, body: '' })
    expect(await ask(`${url}/nothing`)).toMatchObject({ status: 404 })
  })

  it('runs after guards of its own, which find it refused or let pass', async () => {
    const seen = vi.fn(() => true)
    const own: CanActivate = { canActivate: seen }
    @Controller()
    class Guarded {
      @Get('guarded')
      @UseGuards(own)
      guarded() {
        return 'guarded'
      }
    }
    const { auth, token } = await setUp()
    const url = await start(auth, { controllers: [Guarded] }, createAdapter)
    expect(await ask(`${url}/guarded`)).toMatchObject({ status: 401 })
    expect(seen).not.toHaveBeenCalled()
    expect(await ask(`${url}/guarded`, token)).toMatchObject({ status: 200 })
    expect(seen).toHaveBeenCalledTimes(1)
  })

  it('runs after an APP_GUARD of a module that comes later, and is told the order in one that comes before', async () => {
    const seen = vi.fn()
    const own: CanActivate = {
      canActivate(context) {
        seen(attempt(() => getAuthorization(context).userId))
        return true
      },
    }
    const guard = { provide: APP_GUARD, useValue: own }
    class Later {}
    @Controller()
    class Me {
      @Get('me')
      me() {}
    }
    const { auth, token, user } = await setUp()
    const controllers = [Me]
    const after = await start(auth, { controllers, imports: [{ module: Later, providers: [guard] }] }, createAdapter)
    await ask(`${after}/me`, token)
    const before = await start(auth, { controllers, providers: [guard] }, createAdapter)
    await ask(`${before}/me`, token)
    expect(seen.mock.calls).toEqual([
      [user.id],
      [expect.objectContaining({ message: expect.stringContaining('before its guard has run') })],
    ])
  })

  it('is judged by a second ZITADEL where it is public for the first', async () => {
    const [first, second] = [await setUp(), await setUp()]
    @Controller()
    class Partner {
      @Get('partner')
      @Public()
      @UseGuards(requireAuthorization(second.auth, { role: 'admin' }))
      partner(@Authorization() { userId }: AuthorizationContext) {
        return userId
      }
    }
    const url = await start(first.auth, { controllers: [Partner] }, createAdapter)
    const statuses = [first.adminToken, second.token, second.adminToken].map((one) => ask(`${url}/partner`, one))
    expect((await Promise.all(statuses)).map(({ status }) => status)).toEqual([401, 403, 200])
  })
})

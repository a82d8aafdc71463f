import { Controller, Get, Injectable, Module, Scope, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { createZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { describe, expect, it } from 'vitest'
import { Authorization, Authorize, OptionalAuthorization, Public, Roles, ZitadelAuthModule } from '../src/index.js'
import { create, type Parts, setUp } from './set-up.js'

/** Starts an application that shall not. */
async function fail(parts: Parts, options?: Partial<ZitadelAuthOptions>): Promise<unknown> {
  const { auth } = await setUp(options)
  return create(auth, parts).then(
    (app) =>
      app.init().then(
        () => 'it started',
        (error) => error,
      ),
    (error) => error,
  )
}

const unknown = (name: string) =>
  expect.objectContaining({
    name: 'TypeError',
    message: expect.stringMatching(new RegExp(`^${name}: the requirement has an unknown member "rol"`)),
  })
const misspelt = { rol: 'admin' } as never

describe('an application does not start', () => {
  it('with a misspelt requirement on a method of a controller', async () => {
    @Controller()
    class Tasks {
      @Get()
      @Authorize(misspelt)
      list() {}
    }
    expect(await fail({ controllers: [Tasks] })).toEqual(unknown('Tasks.list'))
  })

  it('with a misspelt requirement on a class, whatever its methods say', async () => {
    @Controller()
    @OptionalAuthorization(misspelt)
    class Tasks {
      @Get()
      @Public()
      list() {}
    }
    expect(await fail({ controllers: [Tasks] })).toEqual(unknown('Tasks'))
  })

  it('with one that a class inherits', async () => {
    class Base {
      @Get()
      @Authorize(misspelt)
      list() {}
    }
    @Controller()
    class Tasks extends Base {}
    expect(await fail({ controllers: [Tasks] })).toEqual(unknown('Tasks.list'))
  })

  it('with one in a module of a module, and on a message of a gateway', async () => {
    @WebSocketGateway()
    class Chat {
      @SubscribeMessage('say')
      @Authorize(misspelt)
      say() {}
    }
    class Inner {}
    class Outer {}
    const inner = { module: Inner, providers: [Chat] }
    expect(await fail({ imports: [{ module: Outer, imports: [inner] }] })).toEqual(unknown('Chat.say'))
  })

  it('with a requirement that no token can meet in this mode', async () => {
    @Controller()
    class Tasks {
      @Get()
      @Authorize({ role: 'admin', inProject: 'another' })
      list() {}
    }
    expect(await fail({ controllers: [Tasks] }, { projectId: 'ours' })).toMatchObject({
      message: expect.stringMatching(/^Tasks.list: /),
    })
  })

  const nobodyLooks = /says what it asks for, and no guard runs before it/

  it('with a requirement on what is no handler', async () => {
    @Injectable()
    class Service {
      @Authorize({ role: 'admin' })
      remove() {}
    }
    @WebSocketGateway()
    class Chat {
      @Authorize()
      handleConnection() {}
    }
    @Injectable()
    @Authorize({ role: 'admin' })
    class Marked {}
    for (const [provider, name] of [
      [Service, 'Service.remove'],
      [Chat, 'Chat.handleConnection'],
      [Marked, 'Marked'],
    ] as const) {
      const { message } = (await fail({ providers: [provider as Type] })) as Error
      expect(message).toMatch(nobodyLooks)
      expect(message.startsWith(`${name} `)).toBe(true)
    }
  })

  it('with a gateway that a factory makes, before which nobody could put a guard', async () => {
    @WebSocketGateway()
    class Chat {
      @SubscribeMessage('say')
      say() {}
    }
    const provider = { provide: 'chat', useFactory: () => new Chat() }
    expect(await fail({ providers: [provider] })).toMatchObject({
      name: 'TypeError',
      message: expect.stringMatching(/^Chat: no guard could be put before this gateway/),
    })
  })

  it('with the module without forRoot, beside it or alone', async () => {
    const withoutForRoot = { name: 'TypeError', message: expect.stringContaining('forRoot({ auth })') }
    expect(await fail({ imports: [ZitadelAuthModule] })).toMatchObject(withoutForRoot)
    class Feature {}
    expect(await fail({ imports: [{ module: Feature, imports: [ZitadelAuthModule] }] })).toMatchObject(withoutForRoot)
    @Module({ imports: [ZitadelAuthModule] })
    class Root {}
    const silent = { logger: false, abortOnError: false } as const
    await expect(NestFactory.create(Root, silent)).rejects.toMatchObject(withoutForRoot)
    await expect(NestFactory.createApplicationContext(Root, silent)).rejects.toMatchObject(withoutForRoot)
    class Ours extends ZitadelAuthModule {}
    await expect(NestFactory.create(Ours, silent)).rejects.toMatchObject(withoutForRoot)
  })

  it.each([false, true])('with options that need what each request has its own of, durable: %j', async (durable) => {
    @Injectable({ scope: Scope.REQUEST, durable })
    class Tenant {}
    class Tenants {}
    const { auth } = await setUp()
    const start = async () => {
      const app = await NestFactory.create(
        {
          module: class Root {},
          imports: [
            ZitadelAuthModule.forRootAsync({
              imports: [{ module: Tenants, providers: [Tenant], exports: [Tenant] }],
              inject: [Tenant],
              useFactory: () => ({ auth }),
            }),
          ],
        },
        { logger: false, abortOnError: false },
      )
      await app.init()
    }
    await expect(start()).rejects.toThrow(/request/)
  })

  it('with such options on a Nest that runs no guard then, and says nothing of it', () => {
    const settings = Symbol.for('@org/zitadel-auth-nest/settings')
    const provider = { isDependencyTreeStatic: () => false }
    const imported = { metatype: ZitadelAuthModule, providers: new Map([[settings, provider]]) }
    const module = new ZitadelAuthModule(new Map([['ours', imported]]) as never)
    expect(() => module.onModuleInit()).toThrow(
      new TypeError(
        'ZitadelAuthModule.forRootAsync({ inject }): one of these is made for each request, and the guard is made once, at the start',
      ),
    )
  })

  it('with the module imported twice', async () => {
    const { auth } = await setUp()
    expect(await fail({ imports: [ZitadelAuthModule.forRoot({ auth, undeclared: 'public' })] })).toEqual(
      new TypeError('ZitadelAuthModule is imported twice: its guard is for all modules'),
    )
  })
})

describe('a decorator', () => {
  const cannotBe = /^@\w+ takes true, a requirement, or a function that gives one, and this is/
  it.each([undefined, null, false, 'public', 'admin', 7])('takes %j for a mistake', (value) => {
    expect(() => Authorize(value as never)).toThrow(cannotBe)
    expect(() => OptionalAuthorization(value as never)).toThrow(cannotBe)
  })

  it('takes no role, and what is no name of one, for a mistake', () => {
    for (const roles of [[], [''], [undefined], ['admin', null]]) {
      expect(() => Roles(...(roles as unknown as ['admin']))).toThrow('@Roles takes the names of roles, at least one')
    }
  })

  it('is a mistake without its parentheses, on a class and on a method', () => {
    class Tasks {
      list() {}
    }
    const descriptor = Object.getOwnPropertyDescriptor(Tasks.prototype, 'list')
    for (const decorator of [Authorize, OptionalAuthorization, Public, Roles, Authorization]) {
      const bare = decorator as unknown as (...target: readonly unknown[]) => void
      for (const target of [[Tasks], [Tasks.prototype, 'list', descriptor], [Tasks.prototype, 'list', 0]]) {
        expect(() => bare(...target)).toThrow(/^@\w+ (takes nothing, and )?needs its parentheses: @\w+\(…?\)$/)
      }
    }
  })

  it.each([false, true, undefined, {}])('that takes nothing takes %j for a mistake', (value) => {
    const give = Public as (...given: readonly unknown[]) => unknown
    expect(() => give(value)).toThrow(new TypeError('@Public takes nothing, and needs its parentheses: @Public()'))
  })

  it('stands once on a class and on a method', () => {
    expect(() => {
      class Tasks {
        @Public()
        @Authorize({ role: 'admin' })
        list() {}
      }
      return Tasks
    }).toThrow('@Public: Tasks.list says twice what it asks for')
    expect(() => {
      @Roles('admin')
      @Authorize()
      class Tasks {}
      return Tasks
    }).toThrow('@Roles: Tasks says twice what it asks for')
  })

  it('stands on nothing else', () => {
    const decorate = Public() as (...target: unknown[]) => void
    class Tasks {}
    const descriptor = { value: () => {} }
    expect(() => decorate(Tasks, 'list', descriptor)).toThrow(
      '@Public on list: it stands on a class or on a method of its instances',
    )
    for (const other of [undefined, 0, {}, { get: () => {} }]) {
      expect(() => decorate(Tasks.prototype, 'list', other)).toThrow('@Public on list')
    }
  })
})

describe('ZitadelAuthModule', () => {
  const auth = createZitadelAuth({ domain: 'example.com', clientId: 'id', clientSecret: 'secret' })
  it.each([
    undefined,
    null,
    {},
    { auth: undefined },
    { auth: {} },
    { auth, undeclared: 'optional' },
    { auth, onRefusal: 'ignore' },
    { auth, role: 'admin' },
  ])('takes %j for a mistake', async (options) => {
    expect(() => ZitadelAuthModule.forRoot(options as never)).toThrow(TypeError)
    const root = {
      module: class Root {},
      imports: [ZitadelAuthModule.forRootAsync({ useFactory: () => options as never })],
    }
    await expect(NestFactory.create(root, { logger: false, abortOnError: false })).rejects.toThrow(TypeError)
  })
})

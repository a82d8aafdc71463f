import { createConnection } from 'node:net'
import type { ExecutionContext } from '@nestjs/common'
import { Controller, InternalServerErrorException } from '@nestjs/common'
import { APP_GUARD, ExternalContextCreator, NestFactory } from '@nestjs/core'
import { EventPattern, MessagePattern, type MicroserviceOptions, Transport } from '@nestjs/microservices'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Authorize, OptionalAuthorization, Public, requireAuthorization, ZitadelAuthModule } from '../src/index.js'
import { create, createRoot, findFreePort, setUp } from './set-up.js'

const handled = vi.fn()

@Controller()
class Messages {
  @MessagePattern('undeclared')
  undeclared() {
    handled('undeclared')
  }
  @MessagePattern('good token')
  @Authorize()
  goodToken() {
    handled('good token')
  }
  @MessagePattern('optional')
  @OptionalAuthorization()
  optional() {
    handled('optional')
  }
  @EventPattern('event')
  event(_data: unknown) {
    handled('event')
  }
  @MessagePattern('public')
  @Public()
  public() {
    handled('public')
    return 'public'
  }
}

async function ask(port: number) {
  handled.mockClear()
  const socket = createConnection(port)
  onTestFinished(() => void socket.destroy())
  const answers: string[] = []
  socket.setEncoding('utf8').on('data', (text) => answers.push(String(text)))
  for (const pattern of ['undeclared', 'good token', 'optional', 'event', 'public']) {
    const message = JSON.stringify({ pattern, data: { authorization: 'Bearer token' }, id: pattern })
    socket.write(`${message.length}#${message}`)
  }
  await vi.waitFor(() => expect(answers.join('')).toContain('"response":"public"'))
  return answers.join('')
}

describe('a microservice of another transport', () => {
  it('lets nobody pass but to what is public', async () => {
    const { auth } = await setUp()
    const port = await findFreePort()
    const options: MicroserviceOptions = { transport: Transport.TCP, options: { port } }
    const root = createRoot(auth, { controllers: [Messages] })
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(root, { ...options, logger: false })
    onTestFinished(() => app.close())
    await app.listen()
    const answers = await ask(port)
    expect(handled.mock.calls).toEqual([['public']])
    expect(answers.match(/Internal server error/g)).toHaveLength(4)
  })

  it.each([undefined, {}, { inheritAppConfig: true }, { deferInitialization: true }])(
    'lets nobody pass in a hybrid application that connected it with %j',
    async (hybrid) => {
      const { auth } = await setUp()
      const port = await findFreePort()
      const app = await create(auth, { controllers: [Messages] })
      app.connectMicroservice<MicroserviceOptions>({ transport: Transport.TCP, options: { port } }, hybrid)
      await app.startAllMicroservices()
      const answers = await ask(port)
      expect(handled.mock.calls).toEqual([['public']])
      expect(answers.match(/Internal server error/g)).toHaveLength(4)
    },
  )
})

/** A call as Nest describes it. */
function describeCall(type: string, args: readonly unknown[]): ExecutionContext {
  const [getClass, getHandler] = [() => Messages, () => Messages.prototype.optional]
  const getArgByIndex = (index: number) => args[index]
  return {
    getType: () => type,
    getArgs: () => args,
    getArgByIndex,
    getClass,
    getHandler,
  } as unknown as ExecutionContext
}

const oddities = [
  undefined,
  null,
  7,
  'text',
  {},
  [],
  () => {},
  { headers: null },
  { req: null },
  { metadata: {} },
  { handshake: {} },
]

describe('a call', () => {
  it.each([
    ...['http', 'rpc', 'ws', 'cron', '', 'constructor'].map((type) => [type, TypeError] as const),
    // GraphQL would tell the client what a TypeError says.
    ['graphql', InternalServerErrorException] as const,
  ])(
    'of the kind %j is an error where nobody knows its credentials, also where they may be missing',
    async (type, expected) => {
      const { auth } = await setUp()
      const guard = requireAuthorization(auth)
      for (const odd of oddities) {
        const call = async () => guard.canActivate(describeCall(type, [odd, odd, odd]))
        await expect(call()).rejects.toThrow(expected)
      }
    },
  )

  it('that another library makes a handler of goes through the guard as well', async () => {
    class Tools {
      run() {
        handled('tool')
      }
    }
    const { auth } = await setUp()
    const app = await create(auth, { providers: [Tools] })
    await app.init()
    handled.mockClear()
    const tools = app.get(Tools)
    for (const kind of ['http', 'mcp'] as never[]) {
      const run = app
        .get(ExternalContextCreator)
        .create(tools, tools.run, 'run', '', undefined, undefined, undefined, undefined, kind)
      await expect(run({ text: 'no request' })).rejects.toThrow(TypeError)
    }
    expect(handled).not.toHaveBeenCalled()
  })
})

describe('ZitadelAuthModule', () => {
  it('is one guard of the application, which needs no request to be made', async () => {
    const { auth } = await setUp()
    const { providers } = ZitadelAuthModule.forRoot({ auth })
    expect(providers).toContainEqual(expect.objectContaining({ provide: APP_GUARD }))
    expect(providers).not.toContainEqual(expect.objectContaining({ scope: expect.anything() }))
  })
})

import { fileURLToPath } from 'node:url'
import { Client, credentials, Metadata, type ServiceError, type StatusObject, status } from '@grpc/grpc-js'
import { Controller, type ExecutionContext, Module, type Type, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  GrpcMethod,
  GrpcStreamCall,
  GrpcStreamMethod,
  type MicroserviceOptions,
  Transport,
} from '@nestjs/microservices'
import { type AuthorizationContext, authorize, type ZitadelAuth } from '@org/zitadel-auth'
import { type Observable, of } from 'rxjs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  Authorization,
  Authorize,
  OptionalAuthorization,
  Public,
  ZitadelAuthModule,
  type ZitadelAuthModuleOptions,
} from '../src/index.js'
import { create, findFreePort, setUp } from './set-up.js'

interface Text {
  readonly text: string
}

const handled = vi.fn()

@Controller()
class Tasks {
  @GrpcMethod('Tasks', 'Open')
  @Public()
  open() {
    return { text: 'open' }
  }

  @GrpcMethod('Tasks', 'List')
  list(@Authorization() { userId }: AuthorizationContext) {
    return { text: userId }
  }

  @GrpcMethod('Tasks', 'Remove')
  remove(@Authorization() authorization: AuthorizationContext) {
    authorize(authorization, { role: 'admin' })
    return { text: 'removed' }
  }

  @GrpcMethod('Tasks', 'Feed')
  @OptionalAuthorization()
  feed(@Authorization() authorization?: AuthorizationContext) {
    return { text: authorization?.userId ?? 'anonymous' }
  }

  @GrpcMethod('Tasks', 'Watch')
  @Authorize({ role: 'admin' })
  watch(): Observable<Text> {
    return of({ text: 'one' }, { text: 'two' })
  }

  @GrpcStreamMethod('Tasks', 'Import')
  @Authorize({ role: 'admin' })
  import(texts: Observable<Text>) {
    handled()
    return texts
  }

  @GrpcStreamMethod('Tasks', 'Echo')
  @Authorize({ role: 'admin' })
  echo(texts: Observable<Text>) {
    handled()
    return texts
  }

  @GrpcStreamCall('Tasks', 'Copy')
  @Authorize({ role: 'admin' })
  copy(_call: unknown, callback: (error: null, text: Text) => void) {
    handled()
    callback(null, { text: 'copied' })
  }

  @GrpcStreamCall('Tasks', 'Mirror')
  @Authorize({ role: 'admin' })
  mirror(call: { write(text: Text): void; end(): void }) {
    handled()
    call.write({ text: 'mirrored' })
    call.end()
  }
}

/** What came back: the texts, and how the call ended. */
interface Answer {
  readonly texts: readonly string[]
  readonly code: status
  readonly details: string
  readonly trailers: Readonly<Record<string, unknown>>
}

const streams = {
  Import: [true, false],
  Copy: [true, false],
  Mirror: [true, true],
  Echo: [true, true],
  Watch: [false, true],
} as const

/** Calls a method. Texts need no code of their own: a message with one field is a tag, a length, and bytes. */
function call(url: string, method: string, token?: string | readonly string[]): Promise<Answer> {
  const client = new Client(url, credentials.createInsecure())
  const metadata = new Metadata()
  for (const one of [token ?? []].flat()) metadata.add('authorization', `Bearer ${one}`)
  const serialize = (text: string) => Buffer.from([10, text.length, ...Buffer.from(text)])
  const deserialize = (bytes: Buffer) => String(bytes.subarray(2))
  const [sendsMany, getsMany] = streams[method as keyof typeof streams] ?? [false, false]
  const path = `/tasks.Tasks/${method}`
  return new Promise<Answer>((resolve) => {
    const texts: string[] = []
    const settle = ({ code, details, metadata: trailers }: StatusObject) =>
      resolve({ texts, code, details, trailers: trailers.getMap() })
    const settleOne = (_error: ServiceError | null, text?: string) => {
      if (text !== undefined) texts.push(text)
    }
    if (sendsMany && getsMany) {
      const stream = client.makeBidiStreamRequest(path, serialize, deserialize, metadata)
      stream
        .on('data', (text) => texts.push(text))
        .on('error', () => {})
        .on('status', settle)
      stream.end('text')
    } else if (sendsMany) {
      const stream = client.makeClientStreamRequest(path, serialize, deserialize, metadata, settleOne)
      stream.on('status', settle).end('text')
    } else if (getsMany) {
      const stream = client.makeServerStreamRequest(path, serialize, deserialize, 'text', metadata)
      stream
        .on('data', (text) => texts.push(text))
        .on('error', () => {})
        .on('status', settle)
    } else client.makeUnaryRequest(path, serialize, deserialize, 'text', metadata, settleOne).on('status', settle)
  }).finally(() => client.close())
}

async function createOptions(): Promise<MicroserviceOptions & { readonly options: { readonly url: string } }> {
  const protoPath = fileURLToPath(new URL('./tasks.proto', import.meta.url))
  const url = `127.0.0.1:${await findFreePort()}`
  return { transport: Transport.GRPC, options: { package: 'tasks', protoPath, url } }
}

/** Starts a microservice and gives its address. */
async function start(
  auth: ZitadelAuth,
  controller: Type = Tasks,
  more: Partial<ZitadelAuthModuleOptions> = {},
): Promise<string> {
  @Module({ imports: [ZitadelAuthModule.forRoot({ auth, ...more })], controllers: [controller] })
  class Root {}
  const options = await createOptions()
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(Root, { ...options, logger: false })
  onTestFinished(() => app.close())
  await app.listen()
  return options.options.url
}

const invalid = {
  code: status.UNAUTHENTICATED,
  details: 'unauthorized: token is invalid or has expired',
  trailers: { 'www-authenticate': 'Bearer error="invalid_token"' },
}
const missing = {
  code: status.UNAUTHENTICATED,
  details: 'unauthorized: authorization header is empty',
  trailers: { 'www-authenticate': 'Bearer' },
}
const denied = {
  code: status.PERMISSION_DENIED,
  details: 'permission denied: missing required role: `admin`',
  trailers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
}

describe('a microservice of gRPC', () => {
  it('closes what says nothing, and opens what says so', async () => {
    const { auth, token, user } = await setUp()
    const url = await start(auth)
    expect(await call(url, 'Open')).toMatchObject({ code: status.OK, texts: ['open'] })
    expect(await call(url, 'List')).toMatchObject(missing)
    expect(await call(url, 'List', 'nobody-issued-this')).toMatchObject(invalid)
    expect(await call(url, 'List', token)).toMatchObject({ code: status.OK, texts: [user.id] })
    expect(await call(url, 'Feed')).toMatchObject({ code: status.OK, texts: ['anonymous'] })
    expect(await call(url, 'Feed', token)).toMatchObject({ code: status.OK, texts: [user.id] })
    expect(await call(url, 'Feed', 'nobody-issued-this')).toMatchObject(invalid)
  })

  it.each(['Watch', 'Import', 'Echo', 'Copy', 'Mirror'])(
    'refuses a stream by %s before its handler runs',
    async (method) => {
      const { auth, token, adminToken } = await setUp()
      const url = await start(auth)
      handled.mockClear()
      expect(await call(url, method)).toMatchObject({ ...missing, texts: [] })
      expect(await call(url, method, token)).toMatchObject({ ...denied, texts: [] })
      expect(handled).not.toHaveBeenCalled()
      expect(await call(url, method, adminToken)).toMatchObject({
        code: status.OK,
        texts: expect.arrayContaining([expect.anything()]),
      })
    },
  )

  it('hears all of a stream that its client has ended while ZITADEL was asked', async () => {
    const { auth, adminToken } = await setUp()
    const url = await start(auth)
    expect(await call(url, 'Echo', adminToken)).toMatchObject({ code: status.OK, texts: ['text'] })
    expect(await call(url, 'Import', adminToken)).toMatchObject({ code: status.OK, texts: ['text'] })
  })

  it('survives the streams of strangers, whatever answers their refusals', async () => {
    @Controller()
    class Strange {
      @GrpcStreamMethod('Tasks', 'Echo')
      @Authorize({ check: () => Promise.reject(new Error('a secret')) as never })
      echo(texts: Observable<Text>) {
        return texts
      }
    }
    const { auth, token } = await setUp()
    const left = await start(auth, Tasks, { onRefusal: 'throw' })
    expect(await call(left, 'Echo', 'nobody-issued-this')).toMatchObject({ code: status.UNKNOWN, texts: [] })
    const failing = await start(auth, Strange)
    expect(await call(failing, 'Echo', token)).toMatchObject({ code: status.UNKNOWN, texts: [] })
    expect(await call(failing, 'Echo')).toMatchObject(missing)
  })

  it('survives a handler that refuses a stream which has ended while another guard was busy', async () => {
    const untilEnd = (context: ExecutionContext) =>
      new Promise<boolean>((resolve) => void context.getArgByIndex(2).once('end', () => resolve(true)))
    @Controller()
    class Slow {
      @GrpcStreamMethod('Tasks', 'Echo')
      @UseGuards({ canActivate: untilEnd })
      echo(@Authorization() authorization: AuthorizationContext) {
        authorize(authorization, { role: 'admin' })
      }
    }
    const { auth, token } = await setUp()
    expect(await call(await start(auth, Slow), 'Echo', token)).toMatchObject(denied)
  })

  it('answers a refusal of a handler as one of the guard', async () => {
    const { auth, token, adminToken } = await setUp()
    const url = await start(auth)
    expect(await call(url, 'Remove', token)).toMatchObject(denied)
    expect(await call(url, 'Remove', adminToken)).toMatchObject({ code: status.OK })
  })

  it('tells a client that retries how long to wait while ZITADEL is down', async () => {
    const { auth, token, zitadel } = await setUp()
    const url = await start(auth)
    await zitadel.pause()
    expect(await call(url, 'List', token)).toMatchObject({
      code: status.UNAVAILABLE,
      trailers: { 'retry-after': '5', 'grpc-retry-pushback-ms': '5000' },
    })
  })

  it('tells nobody of a check that fails', async () => {
    @Controller()
    class Checked {
      @GrpcMethod('Tasks', 'List')
      @Authorize({ check: () => Promise.reject(new Error('a secret')) as never })
      list() {
        return { text: 'listed' }
      }
    }
    const { auth, token } = await setUp()
    const answer = await call(await start(auth, Checked), 'List', token)
    expect(answer.code).not.toBe(status.OK)
    expect(JSON.stringify(answer)).not.toContain('secret')
  })

  it.each([true, false])(
    'is protected in a hybrid application where inheritAppConfig is %j',
    async (inheritAppConfig) => {
      const { auth, token, adminToken, user } = await setUp()
      const app = await create(auth, { controllers: [Tasks] })
      const microservice = await createOptions()
      app.connectMicroservice<MicroserviceOptions>(microservice, { inheritAppConfig })
      await app.startAllMicroservices()
      const { url } = microservice.options
      handled.mockClear()
      expect(await call(url, 'Open')).toMatchObject({ code: status.OK, texts: ['open'] })
      expect(await call(url, 'List')).toMatchObject(missing)
      expect(await call(url, 'List', 'nobody-issued-this')).toMatchObject(invalid)
      expect(await call(url, 'List', token)).toMatchObject({ code: status.OK, texts: [user.id] })
      for (const method of ['Watch', 'Import', 'Echo', 'Copy', 'Mirror']) {
        expect(await call(url, method, token)).toMatchObject(denied)
      }
      expect(handled).not.toHaveBeenCalled()
      expect(await call(url, 'Watch', adminToken)).toMatchObject({ code: status.OK, texts: ['one', 'two'] })
    },
  )

  it('judges a call once', async () => {
    const check = vi.fn(() => true as const)
    @Controller()
    class Checked {
      @GrpcMethod('Tasks', 'List')
      @Authorize({ check })
      list() {
        return { text: 'listed' }
      }
    }
    const { auth, token } = await setUp()
    const app = await create(auth, { controllers: [Checked] })
    const microservice = await createOptions()
    app.connectMicroservice<MicroserviceOptions>(microservice, { inheritAppConfig: true })
    await app.startAllMicroservices()
    expect(await call(microservice.options.url, 'List', token)).toMatchObject({ code: status.OK })
    expect(check).toHaveBeenCalledTimes(1)
  })

  it('lets nobody pass where nobody can tell which application a message is for', async () => {
    const { auth, token } = await setUp()
    const app = await create(auth, { controllers: [Tasks] })
    const microservice = await createOptions()
    app.connectMicroservice<MicroserviceOptions>(microservice)
    await app.startAllMicroservices()
    const other = await create(auth, { controllers: [Tasks] })
    expect(await call(microservice.options.url, 'List', token)).toMatchObject({ code: status.UNKNOWN })
    await other.close()
    expect(await call(microservice.options.url, 'List', token)).toMatchObject({ code: status.OK })
  })
})

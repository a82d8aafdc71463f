import { fileURLToPath } from 'node:url'
import { Client, credentials, Metadata, type ServiceDefinition, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Program, runTasks } from '../../tasks/test/program.js'
import { exampleService } from '../src/service.js'

interface Answer {
  readonly code: number
  readonly details: string
  readonly answers: readonly unknown[]
}

let zitadel: LocalZitadel
let guide: GuideSetUp
let keyFile: string
const programs: Program[] = []
const clients: Client[] = []

beforeAll(async () => {
  zitadel = await startLocalZitadel()
  guide = setUpGuide(zitadel)
  keyFile = await zitadel.writeKeyFile(guide.key)
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  zitadel.recover()
  await zitadel.resume()
  await Promise.all(programs.splice(0).map((program) => program.kill('SIGTERM')))
})
afterAll(() => zitadel.close())

function run(...flags: readonly string[]): Program {
  const program = runTasks('grpc', '--domain', zitadel.issuer, '--key', keyFile, '--port', '0', ...flags)
  programs.push(program)
  return program
}

type Methods = Readonly<
  Record<string, Pick<ServiceDefinition[string], 'path' | 'requestSerialize' | 'responseDeserialize'>>
>

/** Starts the API, and gives a function that calls it. */
async function start(...flags: readonly string[]) {
  const [, address = ''] = await run(...flags).printed(
    /INFO server listening, press ctrl\+c to stop addr=(localhost:\d+)\n/,
  )
  const client = new Client(address, credentials.createInsecure())
  clients.push(client)
  return (methods: object, name: string, token?: string, ...messages: readonly unknown[]): Promise<Answer> => {
    const { path = '', requestSerialize, responseDeserialize } = (methods as Methods)[name] ?? {}
    const metadata = new Metadata()
    if (token !== undefined) metadata.set('authorization', `Bearer ${token}`)
    const call = client.makeBidiStreamRequest(path, requestSerialize as never, responseDeserialize as never, metadata)
    const answers: unknown[] = []
    for (const message of messages) call.write(message)
    call.end()
    return new Promise((resolve) => {
      call
        .on('data', (answer) => answers.push(answer))
        .on('error', () => {})
        .on('status', ({ code, details }) => resolve({ code, details, answers }))
    })
  }
}

const ok = (...answers: readonly unknown[]): Answer => ({ code: status.OK, details: 'OK', answers })
const failed = (code: status, details: string): Answer => ({ code, details, answers: [] })
const denied = failed(status.PERMISSION_DENIED, 'permission denied: missing required role: `admin`')
const anonymous = failed(status.UNAUTHENTICATED, 'unauthorized: authorization header is empty')

function createAdmin(userName: string): string {
  const user = zitadel.createServiceUser({ userName })
  zitadel.createRole(guide.project, 'admin')
  zitadel.grantRole(user, { project: guide.project, role: 'admin' })
  return zitadel.createPersonalAccessToken(user)
}

describe('the tasks API on gRPC', () => {
  it('answers as the guide says', async () => {
    const ask = await start()
    const { token } = guide

    expect(await ask(exampleService, 'Healthz', undefined, {})).toEqual(ok({ health: 'OK' }))
    expect(await ask(exampleService, 'ListTasks', undefined, {})).toEqual(anonymous)
    expect(await ask(exampleService, 'ListTasks', token, {})).toEqual(ok({ tasks: [] }))
    expect(await ask(exampleService, 'AddTask', token, { task: 'My new task' })).toEqual(denied)
    expect(await ask(exampleService, 'AddTasks', token, { task: 'My new task' })).toEqual(denied)

    // The Console's last step, from the shell, while the API runs.
    const body = new URLSearchParams({ role: 'admin' })
    expect((await fetch(`${zitadel.issuer}/local/grants`, { method: 'POST', body })).status).toBe(200)

    expect(await ask(exampleService, 'AddTask', token, { task: 'My new task' })).toEqual(
      ok({ added: 'task `My new task` added' }),
    )
    expect(await ask(exampleService, 'ListTasks', token, {})).toEqual(
      ok({ tasks: ['My new task', 'create a new task with `AddTask`'] }),
    )
    expect(programs[0]?.output().stderr).toBe('')
  })

  it.each([
    ['no task', {}],
    ['an empty task', { task: '' }],
    ['a task of spaces', { task: '   ' }],
  ])('refuses %s', async (name, message) => {
    const ask = await start()
    expect(await ask(exampleService, 'AddTask', createAdmin(name), message)).toEqual(
      failed(status.INVALID_ARGUMENT, 'task must not be empty'),
    )
  })

  it('adds the tasks of a stream that are not empty, and says how many', async () => {
    const ask = await start()
    const admin = createAdmin('stream')
    const messages = ['one', '', ' two ', '   '].map((task) => ({ task }))
    expect(await ask(exampleService, 'AddTasks', admin, ...messages)).toEqual(ok({ added: 2 }))
    expect(await ask(exampleService, 'ListTasks', guide.token, {})).toMatchObject({
      answers: [{ tasks: expect.arrayContaining(['one', 'two']) }],
    })
  })

  it.each([
    ['no message', []],
    ['empty tasks', [{ task: '' }, { task: ' ' }]],
  ])('refuses a stream with %s', async (name, messages) => {
    const ask = await start()
    expect(await ask(exampleService, 'AddTasks', createAdmin(name), ...messages)).toEqual(
      failed(status.INVALID_ARGUMENT, 'no task provided'),
    )
  })

  it.each(['v1', 'v1alpha'])('describes itself to everybody by server reflection %s', async (version) => {
    const ask = await start()
    const proto = `@grpc/reflection/build/proto/grpc/reflection/${version}/reflection.proto`
    const reflection = loadSync(fileURLToPath(import.meta.resolve(proto)), { defaults: false })[
      `grpc.reflection.${version}.ServerReflection`
    ] as object
    const list = await ask(reflection, 'ServerReflectionInfo', undefined, { listServices: '' })
    expect(list).toMatchObject({
      code: status.OK,
      answers: [
        {
          listServicesResponse: {
            service: expect.arrayContaining([{ name: 'zitadel.go.example.api.v3alpha.ExampleService' }]),
          },
        },
      ],
    })
    const question = { fileContainingSymbol: 'zitadel.go.example.api.v3alpha.ExampleService' }
    expect(await ask(reflection, 'ServerReflectionInfo', undefined, question)).toMatchObject({
      answers: [{ fileDescriptorResponse: { fileDescriptorProto: [expect.any(Uint8Array)] } }],
    })
  })

  it('speaks the wire contract of the example of zitadel-go, so that its client can call it', async () => {
    const ask = await start()
    const asBytes = (name: string) => ({
      [name]: {
        path: `/zitadel.go.example.api.v3alpha.ExampleService/${name}`,
        requestSerialize: (hex: string) => Buffer.from(hex, 'hex'),
        responseDeserialize: (bytes: Buffer) => bytes.toString('hex'),
      },
    })
    const admin = createAdmin('wire')
    const reader = zitadel.createPersonalAccessToken(zitadel.createServiceUser({ userName: 'reader' }))
    const hex = (text: string) => Buffer.from(text).toString('hex')
    const oneTask = '0a0178'

    expect(await ask(asBytes('Healthz'), 'Healthz', undefined, '')).toEqual(ok(`0a02${hex('OK')}`))
    expect(await ask(asBytes('AddTask'), 'AddTask', admin, oneTask)).toEqual(ok(`0a0e${hex('task `x` added')}`))
    expect(await ask(asBytes('AddTasks'), 'AddTasks', admin, oneTask, oneTask)).toEqual(ok('0802'))
    expect(await ask(asBytes('ListTasks'), 'ListTasks', reader, '')).toEqual(ok('0a01780a01780a0178'))
  })

  it('starts while ZITADEL is down, answers Healthz, and works once ZITADEL is back', async () => {
    await zitadel.pause()
    const ask = await start()
    expect(await ask(exampleService, 'Healthz', undefined, {})).toEqual(ok({ health: 'OK' }))
    expect(await ask(exampleService, 'ListTasks', guide.token, {})).toMatchObject({ code: status.UNAVAILABLE })
    await zitadel.resume()
    expect(await ask(exampleService, 'ListTasks', guide.token, {})).toMatchObject({ code: status.OK })
  })

  it('remembers answers not at all with --cache-ttl 0', async () => {
    const ask = await start('--cache-ttl', '0')
    zitadel.resetRequests()
    await ask(exampleService, 'ListTasks', guide.token, {})
    await ask(exampleService, 'ListTasks', guide.token, {})
    expect(zitadel.requests.introspection).toBe(2)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly on %s, with a client connected', async (signal) => {
    const ask = await start()
    await ask(exampleService, 'Healthz', undefined, {})
    const [program] = programs
    expect(await program?.kill(signal)).toBe(0)
    expect(program?.output()).toMatchObject({ stdout: expect.stringMatching(/INFO server stopped\n$/), stderr: '' })
  })

  it.each<[string, () => readonly string[], RegExp]>([
    ['no key', () => ['--domain', zitadel.issuer], /--key is missing/],
    ['an unknown option', () => ['--domian', 'x'], /Unknown option '--domian'/],
    ['a malformed domain', () => ['--domain', 'not a domain', '--key', keyFile], /not a host name/],
    [
      'a port that is in use',
      () => ['--domain', zitadel.issuer, '--key', keyFile, '--port', new URL(zitadel.issuer).port],
      /port \d+ is already in use/,
    ],
  ])('says in one line why it cannot start: %s', async (_, flags, line) => {
    const program = runTasks('grpc', ...flags())
    expect(await program.ended).toBe(1)
    expect(program.output()).toMatchObject({ stdout: '', stderr: expect.stringMatching(/^cannot start: [^\n]+\n$/) })
    expect(program.output().stderr).toMatch(line)
  })
})

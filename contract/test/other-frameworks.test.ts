import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { createStaticHandler, type LoaderFunction } from 'react-router'
import { io as connectSocketIo } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { createExampleFolder, importExample } from '../src/examples.js'
import { readSections } from '../src/guides.js'
import { listen } from '../src/host.js'
import { createWorld, type World } from '../src/world.js'

/** Asks an example for something, with these headers, and gives what it answers. */
type Ask = (example: never, headers: Record<string, string>) => Promise<Answer> | Answer

interface Answer {
  readonly status: number
  readonly body: string
}

type Handle = (request: Request, ...rest: unknown[]) => Promise<Response>

const toRequest = (path: string, init: RequestInit) => new Request(`https://api.example${path}`, init)

async function read(answer: Response | Promise<Response>): Promise<Answer> {
  const { status, body } = await answer
  const reader = body?.getReader()
  const first = await reader?.read()
  await reader?.cancel()
  return { status, body: new TextDecoder().decode(first?.value) }
}

/** How to ask the example of each section. */
const sections: Readonly<Record<string, Ask>> = {
  'Next.js': ({ GET }: { GET: Handle }, headers) =>
    read(GET(toRequest('/api/tasks/7', { headers }), { params: Promise.resolve({ id: '7' }) })),
  tRPC: ({ handle }: { handle: Handle }, headers) => read(handle(toRequest('/trpc/tasks', { headers }))),
  'GraphQL Yoga': ({ yoga }: { yoga: { fetch: Handle } }, headers) =>
    read(yoga.fetch(toRequest('/graphql?query={userId}', { headers }))),
  h3: ({ app }: { app: { fetch: Handle } }, headers) => read(app.fetch(toRequest('/api/tasks', { headers }))),
  Elysia: ({ app }: { app: { handle: Handle } }, headers) => read(app.handle(toRequest('/api/tasks', { headers }))),
  'React Router': async ({ loader }: { loader: LoaderFunction }, headers) => {
    const { queryRoute } = createStaticHandler([{ id: 'tasks', path: '/tasks', loader }])
    const given: unknown = await queryRoute(toRequest('/tasks', { headers }), { routeId: 'tasks' })
    return read(given instanceof Response ? given : Response.json(given))
  },
  'Server-sent events': ({ GET }: { GET: Handle }, headers) => read(GET(toRequest('/events', { headers }))),
  WebSockets: askSocket,
  'Socket.IO': askSocketIo,
  'WebSockets with Hono': askSocket,
  'AWS Lambda': ({ handler }: { handler: Lambda }, headers) => readLambda(handler({ headers })),
  'AWS Lambda behind a REST API': ({ handler }: { handler: Lambda }, { authorization }) =>
    readLambda(handler({ multiValueHeaders: authorization === undefined ? null : { Authorization: [authorization] } })),
  'AWS Lambda authorizer': ({ handler }: { handler: Authorizer }, headers) =>
    handler({ headers }).then(
      ({ isAuthorized, context }) => ({ status: isAuthorized ? 200 : 403, body: context?.userId ?? '' }),
      ({ message, status }) => ({ status: message === 'Unauthorized' ? 401 : status, body: '' }),
    ),
}

async function askSocket({ server }: { server: Server }, headers: Record<string, string>): Promise<Answer> {
  const socket = new WebSocket((await startServer(server)).replace('http', 'ws'), { headers })
  const accepted = once(socket, 'message').then(([message]) => ({ status: 200, body: String(message) }))
  const refused = once(socket, 'unexpected-response').then(([, answer]) => ({ status: answer.statusCode, body: '' }))
  socket.on('error', () => {})
  const answer = await Promise.race([accepted, refused])
  socket.terminate()
  return answer
}

async function askSocketIo({ server }: { server: Server }, { authorization }: Record<string, string>): Promise<Answer> {
  const token = authorization?.replace('Bearer ', '')
  const socket = connectSocketIo(await startServer(server), { auth: { token }, reconnection: false })
  const answer = await new Promise<Answer>((resolve) => {
    socket.on('welcome', (body: string) => resolve({ status: 200, body }))
    socket.on('connect_error', ({ message, data }: Error & { data?: { status: number } }) =>
      resolve({ status: data?.status ?? 0, body: message }),
    )
  })
  socket.close()
  return answer
}

/** Starts a server unless it runs, and gives its address. It runs until the end of the test: none may start twice. */
async function startServer(server: Server): Promise<string> {
  if (server.listening) return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { url, close } = await listen(server)
  onTestFinished(close)
  return url
}

type Authorizer = (event: object) => Promise<{ readonly isAuthorized: boolean; readonly context?: { userId: string } }>

type Lambda = (event: object) => Promise<{ readonly statusCode: number; readonly body: string }>

async function readLambda(answer: ReturnType<Lambda>): Promise<Answer> {
  const { statusCode, body } = await answer
  return { status: statusCode, body }
}

const page = 'docs/other-frameworks.md'
const folder = createExampleFolder('other-frameworks')
let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** The examples, by the section in which they stand. */
const examples = readSections(page)

/** Loads an example anew, with this `auth`. */
async function load(title: string, auth: ZitadelAuth): Promise<never> {
  Object.assign(globalThis, { auth })
  return (await importExample(folder, title, examples.get(title)?.[0]?.code ?? '')) as never
}

/** The section whose example is the first program of the page: readme.test.ts runs it. */
const program = 'Node.js without a framework'

it('has an example in every section, and each is run here', () => {
  const titles = [program, ...Object.keys(sections)]
  expect([...examples.keys()]).toEqual(titles)
  expect([...examples.values()].map((blocks) => blocks.length)).toEqual(titles.map(() => 1))
})

describe.each(Object.entries(sections))('the example for %s', (title, ask) => {
  it('answers 401, 403, 200, and 503 while ZITADEL is down', async () => {
    const boss = world.createUser(`boss of ${title}`, 'admin')
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
    const example = await load(title, world.createAuth())
    const answers = [
      await ask(example, {}),
      await ask(example, bearer('nobody-issued-this')),
      await ask(example, bearer(world.token)),
      await ask(example, bearer(boss.token)),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 403, 200])
    expect(answers.map(({ body }) => body.includes(boss.id))).toEqual([false, false, false, true])

    await world.zitadel.pause()
    const afresh = await load(title, world.createAuth())
    expect(await ask(afresh, bearer(boss.token))).toMatchObject({ status: 503 })
    await world.zitadel.resume()
  })
})

it('refuses a header that came twice behind a REST API', async () => {
  const { handler } = (await load('AWS Lambda behind a REST API', world.createAuth())) as { handler: Lambda }
  const value = `Bearer ${world.token}`
  expect(await handler({ multiValueHeaders: { authorization: [value, value] } })).toMatchObject({ statusCode: 400 })
})

describe('what lasts', () => {
  /** An admin's token that is good for a moment. */
  function issueShortToken(name: string): string {
    const user = world.zitadel.createServiceUser({ userName: name })
    world.zitadel.grantRole(user, { project: world.project, role: 'admin' })
    return world.zitadel.issueAccessToken(user, { audience: [world.project.id], expiresInSeconds: 2 })
  }

  it('ends with the token: a stream of events', async () => {
    const { GET } = (await load('Server-sent events', world.createAuth())) as { GET: Handle }
    const authorization = `Bearer ${issueShortToken('short stream')}`
    const response = await GET(toRequest('/events', { headers: { authorization } }))
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(/^data: \d+\n\n$/)
  })

  it('ends with the token: Socket.IO', async () => {
    const { server } = (await load('Socket.IO', world.createAuth())) as { server: Server }
    const socket = connectSocketIo(await startServer(server), {
      auth: { token: issueShortToken('short, Socket.IO') },
      reconnection: false,
    })
    const reason = await new Promise((resolve) => socket.on('disconnect', resolve))
    expect(reason).toBe('io server disconnect')
  })

  it.each(['WebSockets', 'WebSockets with Hono'])('ends with the token: %s', async (title) => {
    const { server } = (await load(title, world.createAuth())) as { server: Server }
    const url = await startServer(server)
    const authorization = `Bearer ${issueShortToken(`short, ${title}`)}`
    const socket = new WebSocket(url.replace('http', 'ws'), { headers: { authorization } })
    const [code, reason] = await once(socket, 'close')
    expect([code, String(reason)]).toEqual([1008, 'the token has expired'])
  })
})

import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type INestApplication, Inject, Injectable } from '@nestjs/common'
import { IoAdapter } from '@nestjs/platform-socket.io'
import { WsAdapter } from '@nestjs/platform-ws'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { type AuthorizationContext, authorize, type ZitadelAuth } from '@org/zitadel-auth'
import { io } from 'socket.io-client'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import {
  Authorization,
  Authorize,
  authenticateConnection,
  OptionalAuthorization,
  Public,
  rememberUpgradeRequest,
  ZITADEL_AUTH,
} from '../src/index.js'
import { create, setUp } from './set-up.js'

const handled = vi.fn()

@Injectable()
class Messages {
  @SubscribeMessage('open')
  @Public()
  open() {
    return { event: 'open', data: 'open' }
  }

  @SubscribeMessage('me')
  me(@Authorization() { userId }: AuthorizationContext) {
    return { event: 'me', data: userId }
  }

  @SubscribeMessage('optional')
  @OptionalAuthorization()
  optional(@Authorization() authorization?: AuthorizationContext) {
    return { event: 'optional', data: authorization?.userId ?? 'anonymous' }
  }

  @SubscribeMessage('remove')
  @Authorize({ role: 'admin' })
  remove() {
    handled()
    return { event: 'remove', data: 'removed' }
  }

  @SubscribeMessage('authorize')
  authorize(@Authorization() authorization: AuthorizationContext) {
    authorize(authorization, { role: 'admin' })
    handled()
  }
}

/** Says nothing of connections. */
@WebSocketGateway()
class MessagesGateway extends Messages {}

/** Admits connections too. */
@WebSocketGateway()
class AdmittingGateway extends Messages {
  readonly #auth: ZitadelAuth

  constructor(@Inject(ZITADEL_AUTH) auth: ZitadelAuth) {
    super()
    this.#auth = auth
  }

  async handleConnection(client: WebSocket, request?: IncomingMessage) {
    const connection = request === undefined ? client : { client, request }
    const context = await authenticateConnection(this.#auth, connection as never, { role: 'admin' })
    handled(context?.userId)
  }
}

/** Admits connections, and has messages that ask for less. */
@WebSocketGateway()
class HastyGateway extends AdmittingGateway {
  @SubscribeMessage('public')
  @Public()
  public() {
    handled('public')
  }

  @SubscribeMessage('good token')
  goodToken() {
    handled('good token')
  }
}

/** Lets everybody connect, and remembers how. */
@WebSocketGateway()
class RememberingGateway extends Messages {
  handleConnection(client: WebSocket, request: IncomingMessage) {
    rememberUpgradeRequest(client, request)
  }
}

type Gateway = typeof MessagesGateway | typeof HastyGateway | typeof AdmittingGateway | typeof RememberingGateway

async function start(
  auth: ZitadelAuth,
  gateway: Gateway,
  createAdapter: (app: INestApplication) => WsAdapter | IoAdapter,
) {
  handled.mockClear()
  const app = await create(auth, { providers: [gateway] })
  app.useWebSocketAdapter(createAdapter(app))
  await app.listen(0, '127.0.0.1')
  return `127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`
}

/** A client in the middle of a conversation. */
interface Conversation {
  /** Sends a message, and gives what comes next. */
  ask(event: string, data?: unknown): Promise<unknown>
  /** Gives what comes next without a message. */
  next(): Promise<unknown>
  /** Resolves with the code of the end, where there is one. */
  readonly closed: Promise<unknown>
}

/** Puts what comes in line. */
function createInbox() {
  const messages: unknown[] = []
  const waiting: ((message: unknown) => void)[] = []
  return {
    put(message: unknown) {
      const [first] = waiting.splice(0, 1)
      if (first === undefined) messages.push(message)
      else first(message)
    },
    take: () =>
      new Promise<unknown>((resolve) => {
        if (messages.length > 0) resolve(messages.shift())
        else waiting.push(resolve)
      }),
  }
}

function talkWs(url: string, token?: string): Promise<Conversation> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const socket = new WebSocket(`ws://${url}`, { headers })
  onTestFinished(() => socket.terminate())
  const inbox = createInbox()
  socket.on('message', (text) => inbox.put(JSON.parse(String(text))))
  const closed = new Promise((resolve) => socket.on('close', resolve))
  const ask = (event: string, data: unknown = {}) => {
    socket.send(JSON.stringify({ event, data }))
    return inbox.take()
  }
  return new Promise((resolve) => socket.on('open', () => resolve({ ask, next: inbox.take, closed })))
}

function talkIo(url: string, options: object): Promise<Conversation> {
  const socket = io(`http://${url}`, { transports: ['websocket'], forceNew: true, reconnection: false, ...options })
  onTestFinished(() => void socket.close())
  const inbox = createInbox()
  socket.onAny((event, data) => inbox.put({ event, data }))
  const closed = new Promise((resolve) => socket.on('disconnect', resolve))
  const ask = (event: string, data: unknown = {}) => {
    socket.emit(event, data)
    return inbox.take()
  }
  return new Promise((resolve) => socket.on('connect', () => resolve({ ask, next: inbox.take, closed })))
}

const exception = (message: string) => ({ event: 'exception', data: { status: 'error', message } })
const missing = exception('unauthorized: authorization header is empty')
const invalid = exception('unauthorized: token is invalid or has expired')
const denied = exception('permission denied: missing required role: `admin`')

describe.each<[string, Gateway, (app: INestApplication) => WsAdapter | IoAdapter, typeof talkWs]>([
  ['ws', RememberingGateway, (app) => new WsAdapter(app), talkWs],
  [
    'Socket.IO, with a header',
    MessagesGateway,
    (app) => new IoAdapter(app),
    (url, token) => talkIo(url, token === undefined ? {} : { extraHeaders: { authorization: `Bearer ${token}` } }),
  ],
  [
    'Socket.IO, with auth.token as a browser',
    MessagesGateway,
    (app) => new IoAdapter(app),
    (url, token) => talkIo(url, token === undefined ? {} : { auth: { token } }),
  ],
])('a gateway of %s', (_, gateway, createAdapter, talk) => {
  it('closes the messages that say nothing, and opens those that say so', async () => {
    const { auth, token, user } = await setUp()
    const url = await start(auth, gateway, createAdapter)
    const anonymous = await talk(url)
    expect(await anonymous.ask('open')).toEqual({ event: 'open', data: 'open' })
    expect(await anonymous.ask('me', { secret: 'of the client' })).toEqual(missing)
    expect(await anonymous.ask('optional')).toEqual({ event: 'optional', data: 'anonymous' })
    const stranger = await talk(url, 'nobody-issued-this')
    expect(await stranger.ask('me')).toEqual(invalid)
    expect(await stranger.ask('optional')).toEqual(invalid)
    const known = await talk(url, token)
    expect(await known.ask('me')).toEqual({ event: 'me', data: user.id })
  })

  it('refuses who does not meet what a message asks for, before its handler runs', async () => {
    const { auth, token, adminToken } = await setUp()
    const url = await start(auth, gateway, createAdapter)
    const reader = await talk(url, token)
    expect(await reader.ask('remove')).toEqual(denied)
    expect(await reader.ask('authorize')).toEqual(denied)
    expect(handled).not.toHaveBeenCalled()
    expect(await (await talk(url, adminToken)).ask('remove')).toEqual({ event: 'remove', data: 'removed' })
  })

  it('judges each message by what is known of the token then', async () => {
    const { auth, adminToken, zitadel } = await setUp()
    const { ask } = await talk(await start(auth, gateway, createAdapter), adminToken)
    expect(await ask('remove')).toEqual({ event: 'remove', data: 'removed' })
    zitadel.removePersonalAccessToken(adminToken)
    auth.forgetAll()
    expect(await ask('remove')).toEqual(invalid)
  })

  it('tells who comes while ZITADEL is down', async () => {
    const { auth, token, zitadel } = await setUp()
    const { ask } = await talk(await start(auth, gateway, createAdapter), token)
    await zitadel.pause()
    expect(await ask('me')).toEqual(exception('service unavailable: the token cannot be verified right now'))
  })
})

describe('a gateway of Socket.IO', () => {
  it('takes credentials in two places for none that could be trusted', async () => {
    const { auth, token } = await setUp()
    const url = await start(auth, MessagesGateway, (app) => new IoAdapter(app))
    const both = await talkIo(url, { auth: { token }, extraHeaders: { authorization: `Bearer ${token}` } })
    expect(await both.ask('me')).toEqual(exception('bad request: authorization header is malformed'))
    for (const odd of [7, null, '', {}, ['a']]) {
      const { ask } = await talkIo(url, { auth: { token: odd } })
      expect(await ask('me')).toEqual(exception('bad request: authorization header is malformed'))
    }
  })
})

describe('a gateway of ws that does not remember how its sockets began', () => {
  it('lets nobody pass, whatever they bring', async () => {
    const { auth, adminToken } = await setUp()
    const { ask } = await talkWs(await start(auth, MessagesGateway, (app) => new WsAdapter(app)), adminToken)
    const answers = ['me', 'optional', 'remove', 'open'].map((event) => ask(event))
    // Nest 11 tells a socket of ws of no errors.
    const first = (await Promise.race(answers)) as { readonly event: string }
    expect(['exception', 'open']).toContain(first.event)
    expect(handled).not.toHaveBeenCalled()
  })
})

describe.each<[string, (app: INestApplication) => WsAdapter | IoAdapter, typeof talkWs, unknown]>([
  ['ws', (app) => new WsAdapter(app), talkWs, 1008],
  [
    'Socket.IO',
    (app) => new IoAdapter(app),
    (url, token) => talkIo(url, token === undefined ? {} : { auth: { token } }),
    'io server disconnect',
  ],
])('authenticateConnection with %s', (_, createAdapter, talk, reason) => {
  it('tells who is connected, and lets the messages be judged', async () => {
    const { auth, adminToken } = await setUp()
    const { ask } = await talk(await start(auth, AdmittingGateway, createAdapter), adminToken)
    expect(await ask('remove')).toEqual({ event: 'remove', data: 'removed' })
    expect(handled.mock.calls).toContainEqual([expect.stringMatching(/./)])
  })

  it('tells a client why it is refused, and closes the connection', async () => {
    const { auth, token } = await setUp()
    const url = await start(auth, AdmittingGateway, createAdapter)
    for (const [one, message] of [
      [undefined, missing],
      ['nobody-issued-this', invalid],
      [token, denied],
    ] as const) {
      const { next, closed } = await talk(url, one)
      expect(await next()).toEqual(message)
      expect(await closed).toBe(reason)
    }
    expect(handled.mock.calls).toEqual([[undefined], [undefined], [undefined]])
  })
})

describe.each<[string, (app: INestApplication) => WsAdapter | IoAdapter, typeof talkWs]>([
  ['ws', (app) => new WsAdapter(app), talkWs],
  ['Socket.IO', (app) => new IoAdapter(app), (url, token) => talkIo(url, { auth: { token } })],
])('a message to a gateway of %s', (_, createAdapter, talk) => {
  it('does not overtake the check of its connection, whatever it asks for itself', async () => {
    const { auth, token } = await setUp()
    const { ask, closed } = await talk(await start(auth, HastyGateway, createAdapter), token)
    expect(await Promise.race(['public', 'good token'].map((event) => ask(event)))).toEqual(denied)
    await closed
    expect(handled.mock.calls).toEqual([[undefined]])
  })
})

describe('authenticateConnection', () => {
  it.each([undefined, {}, { check: () => Promise.reject(new Error('a secret')) as never }])(
    'closes a connection, and does not reject, where what it asks for is %j',
    async (requirement) => {
      const { auth, token } = await setUp()
      const client = { readyState: 1, send: vi.fn(), close: vi.fn() }
      const request = { headers: { authorization: `Bearer ${token}` } }
      const given = [requirement] as never
      await expect(authenticateConnection(auth, { client, request }, ...(given as []))).resolves.toBeUndefined()
      expect([client.send.mock.calls, client.close.mock.calls]).toEqual([[], [[1011]]])
    },
  )

  it('does not reject where the socket is none', async () => {
    const { auth } = await setUp()
    const client = { handshake: { headers: {} } }
    await expect(authenticateConnection(auth, client)).resolves.toBeUndefined()
  })
})

import {
  type CallOptions,
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type ClientOptions,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js'
import { createZitadelAuth, type Logger, type ZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { createAuthorizationInterceptor, type InterceptorOptions, type MethodRequirement } from '../src/index.js'
import { createHandClock, type HandClock } from './clock.js'
import { type AnyCall, createImplementation, type Kind, kindsService } from './kinds.js'

/** What a server is set up with. */
export interface Scenario {
  readonly auth?: ZitadelAuth
  /** What every method asks for. Default: a good token. */
  readonly requirement?: MethodRequirement
  /** What the handlers answer. Default: `{ handled: true }`. */
  readonly handle?: (call: AnyCall) => unknown
  /** Handlers in the place of those that answer with `handle`. */
  readonly implementation?: UntypedServiceImplementation
  readonly options?: InterceptorOptions
  /** In the place of the one interceptor. */
  readonly interceptors?: readonly ServerInterceptor[]
  readonly serverCredentials?: ServerCredentials
  readonly clientCredentials?: ChannelCredentials
  readonly clientOptions?: ClientOptions
}

/** How a call ended. */
export interface Outcome {
  readonly code: number
  readonly details: string
  readonly trailers: Readonly<Record<string, unknown>>
  readonly messages: readonly unknown[]
}

/** What a call brings. */
export interface Question {
  /** The value of `authorization`. */
  readonly authorization?: string | undefined
  /** The value of `organization`. */
  readonly organization?: string
  readonly options?: CallOptions
}

/** A running server and its client. */
export interface RunningServer {
  readonly port: number
  /** Opens a call. On the wire the four kinds are one, so this client's are all bidirectional. */
  open(kind: Kind, question?: Question): ClientDuplexStream<unknown, unknown>
  /** Sends a call with one message, and waits for its end. */
  ask(kind: Kind, question?: Question): Promise<Outcome>
  close(): void
}

/** A local ZITADEL with the guide's set-up, time that moves by hand, and the servers that a test started. */
export interface World extends GuideSetUp {
  readonly zitadel: LocalZitadel
  readonly clock: HandClock
  /** What was logged, one line each. */
  readonly logged: string[]
  readonly logger: Logger
  createAuth(options?: Partial<ZitadelAuthOptions>): ZitadelAuth
  createInterceptor(scenario?: Scenario): ServerInterceptor
  start(scenario?: Scenario): Promise<RunningServer>
  createUser(userName: string, ...roles: readonly string[]): { readonly id: string; readonly token: string }
  close(): Promise<void>
}

/** Makes a {@link World}. */
export async function createWorld(): Promise<World> {
  const clock = createHandClock()
  const zitadel = await startLocalZitadel({ now: clock.now })
  const guide = setUpGuide(zitadel)
  zitadel.createRole(guide.project, 'admin')
  zitadel.createRole(guide.project, 'editor')
  const logged: string[] = []
  const logger: Logger = { warn: (line) => void logged.push(line), error: (line) => void logged.push(line) }
  const running: RunningServer[] = []
  // Waiting is moving time: nobody else has to do it for a retry to go on.
  const coreClock = { now: clock.now, sleep: async (ms: number) => clock.advanceSeconds(ms / 1_000) }
  const createAuth: World['createAuth'] = (options) =>
    createZitadelAuth({
      domain: zitadel.issuer,
      key: guide.key,
      logger,
      clock: coreClock,
      ...options,
    } as ZitadelAuthOptions)
  const createInterceptor: World['createInterceptor'] = ({ auth = createAuth(), requirement = true, options } = {}) => {
    const each = Object.fromEntries(Object.values(kindsService).map(({ path }) => [path, requirement]))
    return createAuthorizationInterceptor(auth, { methods: each }, { clock, logger, ...options })
  }

  return {
    ...guide,
    zitadel,
    clock,
    logged,
    logger,
    createAuth,
    createInterceptor,
    async start(scenario = {}) {
      const { interceptors = [createInterceptor(scenario)] } = scenario
      const server = await listen(interceptors, scenario)
      running.push(server)
      return server
    },
    createUser(userName, ...roles) {
      const user = zitadel.createServiceUser({ userName })
      if (roles.length > 0) zitadel.grantRole(user, { project: guide.project, roles })
      return { id: user.id, token: zitadel.createPersonalAccessToken(user) }
    },
    async close() {
      for (const server of running) server.close()
      await zitadel.close()
    },
  }
}

async function listen(interceptors: readonly ServerInterceptor[], scenario: Scenario): Promise<RunningServer> {
  const {
    handle = () => ({ handled: true }),
    implementation,
    serverCredentials = ServerCredentials.createInsecure(),
    clientCredentials = credentials.createInsecure(),
    clientOptions = {},
  } = scenario
  const server = new Server({ interceptors: [...interceptors] })
  server.addService(kindsService, { ...createImplementation(handle), ...implementation })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', serverCredentials, (error, bound) => (error ? reject(error) : resolve(bound)))
  })
  const client = new Client(`127.0.0.1:${port}`, clientCredentials, clientOptions)
  const open: RunningServer['open'] = (kind, { authorization, organization, options = {} } = {}) => {
    const { path, requestSerialize, responseDeserialize } = kindsService[kind]
    const metadata = new Metadata()
    if (authorization !== undefined) metadata.set('authorization', authorization)
    if (organization !== undefined) metadata.set('organization', organization)
    return client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata, options)
  }
  return {
    port,
    open,
    ask(kind, question) {
      const call = open(kind, question)
      const outcome = outcomeOf(call)
      call.write({ asked: true })
      call.end()
      return outcome
    },
    close() {
      client.close()
      server.forceShutdown()
    },
  }
}

/** Waits for the end of a call. */
export function outcomeOf(call: ClientDuplexStream<unknown, unknown>): Promise<Outcome> {
  const messages: unknown[] = []
  return new Promise((resolve) => {
    call
      .on('data', (message) => messages.push(message))
      // Every end but OK is an error too.
      .on('error', () => {})
      .on('status', ({ code, details, metadata }) =>
        resolve({ code, details, trailers: toTrailers(metadata), messages }),
      )
  })
}

/** What the server said, without what HTTP adds. */
function toTrailers(metadata: Metadata): Readonly<Record<string, unknown>> {
  const { 'content-type': _type, date: _date, ...trailers } = metadata.getMap()
  return trailers
}

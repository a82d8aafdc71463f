import { inspect } from 'node:util'
import { status as grpcStatus } from '@grpc/grpc-js'
import type { ZitadelAuth, ZitadelAuthOptions } from '@org/zitadel-auth'
import { startLocalZitadel } from '@org/zitadel-auth-testing'
import { JwtVerifier } from 'aws-jwt-verify'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTokenBuilder, type TokenBuilder } from '../corpus/build-token.js'
import { hostileTokens } from '../corpus/hostile-tokens.js'
import type { CorpusToken, Mode, OtherLibrary, Outcome } from '../corpus/recipe.js'
import { askRaw } from '../src/ask-raw.js'
import { type GrpcApi, startGrpcApi } from '../src/grpc-api.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

const modes = ['introspection', 'jwt', 'auto'] as const

let world: World
let builder: TokenBuilder
let close: () => Promise<void>
const auths = new Map<Mode, ZitadelAuth>()
const unhandled: unknown[] = []
const onUnhandled = (reason: unknown): void => void unhandled.push(reason)

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled)
  world = await createWorld()
  const nowSeconds = Math.floor(world.now() / 1_000)
  const other = await startLocalZitadel()
  builder = await createTokenBuilder(world, { other, nowSeconds })
  for (const mode of modes) auths.set(mode, createAuth(mode))
  close = async () => {
    await Promise.all([world.close(), other.close()])
  }
})
afterAll(async () => {
  process.off('unhandledRejection', onUnhandled)
  await close()
})

const createAuth = (verification: Mode): ZitadelAuth =>
  world.createAuth({ verification, projectId: world.project.id } as Partial<ZitadelAuthOptions>)

/** Whatever of a token could be told by mistake: itself and its parts, but nothing short enough to be a coincidence. */
const partsOf = (token: string): readonly string[] => [token, ...token.split('.')].filter((part) => part.length >= 16)
const toldOf = (token: string, text: string): readonly string[] => partsOf(token).filter((part) => text.includes(part))

/** With so much time since the last one that ZITADEL may be asked for a key that nobody knows, in which nothing expires. */
function buildInTime({ recipe }: CorpusToken): string {
  world.ageSeconds(10)
  return builder.build(recipe)
}

const roleOf = ({ role = 'admin' }: CorpusToken): string => role
const accepted = (): Outcome => 'accepted'
const codeOf = (error: { readonly code?: Outcome }): Outcome => error.code ?? (`a crash: ${inspect(error)}` as Outcome)

describe('the corpus', () => {
  it('has at least 150 cases, and no two of one name', () => {
    expect(hostileTokens.length).toBeGreaterThanOrEqual(150)
    expect(new Set(hostileTokens.map(({ name }) => name)).size).toBe(hostileTokens.length)
  })

  it('says of every case why it matters', () =>
    expect(hostileTokens.filter(({ reason }) => reason.length < 6)).toEqual([]))
})

describe('core', () => {
  it.each(hostileTokens)('decides rightly in every mode about a token $name', async (hostile) => {
    const token = buildInTime(hostile)
    const requirement = { role: roleOf(hostile) }
    const errors: unknown[] = []
    const outcomes = modes.map(async (mode) => {
      const request = (auths.get(mode) as ZitadelAuth).authenticate(`Bearer ${token}`, requirement)
      const outcome = request.then(accepted, (error) => {
        errors.push(error)
        return codeOf(error)
      })
      return [mode, await outcome] as const
    })
    expect(Object.fromEntries(await Promise.all(outcomes))).toEqual(hostile.expected)
    expect(toldOf(token, inspect(errors, { depth: 10, showHidden: true, maxStringLength: null }))).toEqual([])
  })

  it('logs no token', () => {
    const tokens = hostileTokens.map(({ recipe }) => builder.build(recipe))
    expect(tokens.flatMap((token) => toldOf(token, world.logged.join('\n')))).toEqual([])
  })
})

const statuses: Readonly<Record<Outcome, number>> = {
  accepted: 200,
  ERR_TOKEN_INVALID: 401,
  ERR_REQUEST_MALFORMED: 400,
  ERR_TOKEN_TOO_LONG: 400,
  ERR_PERMISSION_DENIED: 403,
  ERR_PROVIDER_UNAVAILABLE: 503,
}

describe.each(hosts)('$name', (host) => {
  it.each(modes)('answers every token over HTTP as core decides: %s', async (mode) => {
    const auth = createAuth(mode)
    const urls = new Map<string, string>()
    for (const role of new Set(hostileTokens.map(roleOf))) {
      urls.set(role, (await world.start(host, { auth, requirement: { role } })).url)
    }
    const told: unknown[] = []
    const answers: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const hostile of hostileTokens) {
      const token = buildInTime(hostile)
      const { status, text } = await askRaw(`${urls.get(roleOf(hostile))}/required`, `Bearer ${token}`)
      answers[hostile.name] = status
      expected[hostile.name] = hostile.refusedByServer
        ? expect.toBeOneOf([400, 431, 0])
        : statuses[hostile.expected[mode]]
      told.push(...toldOf(token, text))
    }
    expect(answers).toEqual(expected)
    expect(told).toEqual([])
  })

  it('has crashed nowhere, and still lets a good token pass', async () => {
    const { url } = await world.start(host, { auth: createAuth('auto') })
    expect(await askRaw(`${url}/required`, `Bearer ${world.token}`)).toMatchObject({ status: 200 })
    expect(unhandled).toEqual([])
  })
})

const grpcCodes: Readonly<Record<Outcome, grpcStatus>> = {
  accepted: grpcStatus.OK,
  ERR_TOKEN_INVALID: grpcStatus.UNAUTHENTICATED,
  ERR_REQUEST_MALFORMED: grpcStatus.INVALID_ARGUMENT,
  ERR_TOKEN_TOO_LONG: grpcStatus.INVALID_ARGUMENT,
  ERR_PERMISSION_DENIED: grpcStatus.PERMISSION_DENIED,
  ERR_PROVIDER_UNAVAILABLE: grpcStatus.UNAVAILABLE,
}

/** The server breaks off a call whose header it does not read, and drops metadata that is not printable ASCII. */
function toGrpcCode({ expected, refusedByServer }: CorpusToken, mode: Mode, token: string): grpcStatus | undefined {
  const isDropped = !/^[ -~]*$/.test(token)
  if (refusedByServer) return undefined
  return isDropped ? grpcStatus.UNAUTHENTICATED : grpcCodes[expected[mode]]
}

describe('gRPC', () => {
  it.each(modes)('answers every token as core decides: %s', async (mode) => {
    const auth = createAuth(mode)
    const apis = new Map<string, GrpcApi>()
    for (const role of new Set(hostileTokens.map(roleOf))) {
      apis.set(role, await startGrpcApi(auth, { requirement: { role } }))
    }
    const told: unknown[] = []
    const answers: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const hostile of hostileTokens) {
      const token = buildInTime(hostile)
      const { code, details, trailers } = await (apis.get(roleOf(hostile)) as GrpcApi).ask(`Bearer ${token}`)
      answers[hostile.name] = code
      expected[hostile.name] = toGrpcCode(hostile, mode, token)
      told.push(...toldOf(token, inspect([details, trailers], { maxStringLength: null })))
    }
    for (const api of apis.values()) api.close()
    expect(answers).toEqual(expected)
    expect(told).toEqual([])
  })
})

describe('other libraries', () => {
  const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

  /** As their documentation shows it, and no weaker: keys, issuer, audience, and for jose the algorithms. */
  const createVerifiers = (): Readonly<Record<OtherLibrary, (token: string) => Promise<unknown>>> => {
    const { issuer } = world.zitadel
    const audience = [world.application.clientId, world.project.id]
    const keys = createLocalJWKSet(builder.jwks as JSONWebKeySet)
    const verifier = JwtVerifier.create({ issuer, audience, jwksUri: `${issuer}/oauth/v2/keys` })
    verifier.cacheJwks(builder.jwks as Parameters<typeof verifier.cacheJwks>[0])
    return {
      jose: (token) => jwtVerify(token, keys, { issuer, audience, algorithms, currentDate: new Date(world.now()) }),
      'aws-jwt-verify': async (token) => verifier.verifySync(token),
    }
  }

  const isRefusedByUs = ({ expected }: CorpusToken): boolean =>
    expected.jwt !== 'accepted' && expected.jwt !== 'ERR_PERMISSION_DENIED'

  it.each(['jose', 'aws-jwt-verify'] as const)('%s accepts what the corpus says that it accepts', async (library) => {
    const verify = createVerifiers()[library]
    const actual: string[] = []
    for (const { name, recipe } of hostileTokens.filter(isRefusedByUs)) {
      await verify(builder.build(recipe)).then(
        () => actual.push(name),
        () => {},
      )
    }
    const said = hostileTokens.filter(({ acceptedBy }) => acceptedBy?.[library] !== undefined)
    expect(actual).toEqual(said.map(({ name }) => name))
  })
})

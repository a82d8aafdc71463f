// What CPU one check takes in this process, of a token that has been seen before or of a JWT that has not.
import { hash } from 'node:crypto'
import { measureOperationCpu } from '../lib/operation-cpu.mjs'
import { answerQuestions, readArgument } from '../lib/processes.mjs'

const { operation, size, token, zitadel } = readArgument()

/** Each gives the operation. All check signature, algorithm, issuer, audience and expiry, with the keys at hand. */
const operations = {
  'map-get'() {
    const known = new Map([[toDigest(token), { token }]])
    return () => known.get(toDigest(token))
  },
  'ours-opaque': () => createGuardCheck({ cache }),
  'ours-jwt': () => createGuardCheck({ cache, verification: 'jwt' }),
  'ours-by-promise': () => createOurs({ cache }),
  async 'ours-observed'() {
    await observeAll()
    return createGuardCheck({ cache })
  },
  ours: () => createOurs({ cache: false, verification: 'jwt' }),
  async jose() {
    const { createLocalJWKSet, jwtVerify } = await import('jose')
    const keys = createLocalJWKSet(zitadel.jwks)
    const options = { issuer: zitadel.issuer, audience: zitadel.projectId, algorithms: ['RS256'] }
    return () => jwtVerify(token, keys, options)
  },
  async 'aws-jwt-verify'() {
    const { JwtVerifier } = await import('aws-jwt-verify')
    const { issuer, projectId, jwks } = zitadel
    const verifier = JwtVerifier.create({ issuer, audience: projectId, jwksUri: 'https://zitadel.example/keys' })
    verifier.cacheJwks(jwks)
    return () => verifier.verifySync(token)
  },
  'fast-jwt': () => createFastJwt({}),
  'fast-jwt-cached': () => createFastJwt({ cache: 10_000 }),
}

/** A cached answer must last for the whole measurement. */
const cache = { ttlSeconds: 3_600 }

answerQuestions(await measureOperationCpu(await operations[operation](), size))

async function createOurs(options) {
  const { auth, header } = await createAuth(options)
  return () => auth.authenticate(header)
}

async function createAuth(options) {
  const { createZitadelAuth } = await import('@org/zitadel-auth')
  const { issuer, key, projectId } = zitadel
  return { auth: createZitadelAuth({ domain: issuer, key, projectId, ...options }), header: `Bearer ${token}` }
}

/** Metrics and spans by the SDK of OpenTelemetry, which nobody collects. */
async function observeAll() {
  const { observe } = await import('@org/zitadel-auth/otel')
  const { MeterProvider } = await import('@opentelemetry/sdk-metrics')
  const { BasicTracerProvider } = await import('@opentelemetry/sdk-trace-base')
  const { ManualReader } = await import('../lib/manual-reader.mjs')
  observe({
    meterProvider: new MeterProvider({ readers: [new ManualReader()] }),
    tracerProvider: new BasicTracerProvider(),
  })
}

/** What an adapter does with a request before its handler. */
async function createGuardCheck(options) {
  const { createGuard } = await import('@org/zitadel-auth/adapter')
  const { auth, header } = await createAuth(options)
  const guard = createGuard(auth, 'required', [])
  await auth.authenticate(header)
  return () => guard.recall(header) ?? fail()
}

function fail() {
  throw new Error('the token is not cached')
}

async function createFastJwt(options) {
  const { createVerifier } = await import('fast-jwt')
  const { issuer, projectId, publicKey } = zitadel
  const verify = createVerifier({
    key: publicKey,
    algorithms: ['RS256'],
    allowedIss: issuer,
    allowedAud: projectId,
    ...options,
  })
  return () => verify(token)
}

function toDigest(text) {
  return hash('sha256', text, 'base64url')
}

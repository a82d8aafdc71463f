import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Fetch, ZitadelAuthOptions } from '@org/zitadel-auth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKinds } from '../src/api.js'
import { type Emissions, listenToEmissions } from '../src/emissions.js'
import { type ApiVariant, type Measured, runFaultCase } from '../src/fault-case.js'
import { endpoints, startFaultProxy } from '../src/fault-proxy.js'
import { faultTable, refusals } from '../src/fault-table.js'
import { type FaultName, faults } from '../src/faults.js'
import { leaveFigures } from '../src/figures.js'
import { withMeasured } from '../src/reliability-doc.js'
import { claimValue, createClient, createWorld, type World } from '../src/world.js'

const byKey = apiKinds.map((kind): ApiVariant => ({ name: kind.name, kind, credentials: 'key' }))
const bySecret = apiKinds
  .slice(0, 1)
  .map((kind): ApiVariant => ({ name: 'with a secret', kind, credentials: 'secret' }))
const byFetch = apiKinds
  .slice(0, 1)
  .map((kind): ApiVariant => ({ name: 'with a fetch', kind, credentials: 'key', network: 'fetch' }))
const variants = [...byKey, ...bySecret, ...byFetch]
const cases = Object.keys(faults).flatMap((fault) =>
  endpoints.map((endpoint) => ({ fault: fault as FaultName, endpoint })),
)

let world: World
let emissions: Emissions
const credentialsSeen = new Set<string>()
const measured = new Map(Object.keys(faults).map((fault) => [fault, { discovery: '', keys: '', introspection: '' }]))
const figures = { cases: 0, requests: 0, calls: 0 }

beforeAll(async () => {
  emissions = listenToEmissions()
  world = await createWorld()
})
afterAll(async () => {
  emissions.stop()
  await world.zitadel.close()
  leaveFigures('faults', { ...figures, 'texts searched': emissions.count() })
})

/** The part that the table says. */
function toCell({ outcome, statuses, calls, callsOfAll, recoveredAfterSeconds }: Measured): string {
  const all = [...new Set([outcome.status, ...statuses])]
  return `${all.join(' then ')}, ${calls}/${callsOfAll}, ${recoveredAfterSeconds} s`
}

function count({ requests, callsOfAll, callsElsewhere }: Measured): void {
  figures.cases += 1
  figures.requests += requests
  figures.calls += callsOfAll + callsElsewhere
}

const unreachable: readonly FaultName[] = ['connection refused', 'certificate error']

describe('with a ZITADEL in trouble, this library and every adapter', () => {
  it.concurrent.each(cases)('answer $fault at $endpoint', async ({ fault, endpoint }) => {
    const all = await Promise.all(
      variants.map(async (api) => runFaultCase({ fault, endpoint }, { api, world, emissions, credentialsSeen })),
    )
    for (const one of all) count(one)
    Object.assign(measured.get(fault) ?? {}, { [endpoint]: all.map(toCell)[0] })

    const cell = faultTable[fault][endpoint]
    const status = Number.parseInt(cell, 10)
    const retryAfter = { 503: fault.includes('Retry-After') ? '30' : '5' }[status]
    const challenge = { 401: 'Bearer error="invalid_token"' }[status]
    const names = variants.map(({ name }) => name)
    expect(Object.fromEntries(all.map((one, at) => [names[at], toCell(one)]))).toEqual(
      Object.fromEntries(names.map((name) => [name, cell])),
    )
    expect(all.map(({ outcome }) => outcome)).toEqual(
      all.map(() => ({ status, refusal: refusals[status], retryAfter, challenge })),
    )
    expect(all.map(({ isInTime, followed }) => ({ isInTime, followed }))).toEqual(
      all.map(() => ({ isInTime: true, followed: 0 })),
    )
    const arrivals = unreachable.includes(fault) ? all.map(() => 0) : all.map(({ callsOfAll }) => callsOfAll)
    expect(all.map(({ arrived }) => arrived)).toEqual(arrivals)
    expect(all.map(({ callsElsewhere }) => callsElsewhere)).toEqual(all.map(() => (endpoint === 'discovery' ? 0 : 1)))
  })
})

describe('a network that never ends, whatever it is told', () => {
  it.each(endpoints)('is given up at the deadline, at %s, and tried anew when it works again', async (endpoint) => {
    const proxy = await startFaultProxy({ target: world.zitadel.issuer })
    let isStuck = true
    const stuck: Fetch = (url, init) =>
      isStuck && url.href.startsWith(proxy.urls[endpoint]) ? new Promise(() => {}) : fetch(url, init)
    const isJwt = endpoint === 'keys'
    const { auth, advanceSeconds } = createClient(world, proxy, emissions, {
      ...(isJwt ? { verification: 'jwt', projectId: world.projectId } : world.credentials.key),
      ...{ fetch: stuck, timeoutMs: 300 },
    } as Partial<ZitadelAuthOptions>)
    const ask = () => auth.authenticate(`Bearer ${isJwt ? world.tokens.jwt : world.tokens.opaque}`)
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, ask))
    expect(new Set(outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.status : 200)))).toEqual(
      new Set([503]),
    )
    isStuck = false
    advanceSeconds(30)
    expect(await ask()).toMatchObject({ userId: world.userId })
    auth.close()
    await proxy.close()
  })
})

describe('a flood of 2,000 tokens at once', () => {
  it('costs a ZITADEL that hangs fifty questions until the circuit opens, and is answered with 503', async () => {
    const proxy = await startFaultProxy({ target: world.zitadel.issuer })
    const options = { ...world.credentials.key, timeoutMs: 1_000 }
    const { auth, calls } = createClient(world, proxy, emissions, options)
    await auth.ready()
    await proxy.break('introspection', faults['hang before the headers'])
    const flood = Array.from({ length: 2_000 }, (_, at) => auth.authenticate(`Bearer token-${at}`))
    const outcomes = await Promise.allSettled(flood)
    await proxy.close()
    const statuses = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.status : 200))
    expect(new Set(statuses)).toEqual(new Set([503]))
    expect(calls()).toEqual({ discovery: 1, keys: 0, introspection: expect.any(Number) })
    expect(calls().introspection).toBeLessThanOrEqual(54)
  })
})

describe('an error about an answer that is not HTTP, with the claims of a user in its bytes', () => {
  it.each(['a malformed chunk', 'a malformed header'] as const)('holds none of them: %s', async (fault) => {
    const proxy = await startFaultProxy({ target: world.zitadel.issuer })
    const telling = listenToEmissions()
    const { auth } = createClient(world, proxy, telling, world.credentials.key)
    await proxy.break('introspection', faults[fault])
    telling.record(await auth.authenticate(`Bearer ${world.tokens.opaque}`).catch((error: unknown) => error))
    telling.stop()
    await proxy.close()
    expect(telling.count()).toBeGreaterThan(5)
    expect(telling.findPieces([Buffer.from(claimValue).toString('base64url'), world.userId])).toEqual([])
  })
})

describe('in all of that', () => {
  const secretsOf = ({ tokens, credentials }: World): Readonly<Record<string, string>> => ({
    'opaque token': tokens.opaque,
    JWT: tokens.jwt,
    'client secret': credentials.secret.clientSecret,
    'private key': credentials.key.key.key,
  })

  it('no token, secret, assertion or key was told to anybody', () => {
    expect(credentialsSeen.size).toBeGreaterThan(variants.length)
    expect(emissions.findPieces(Object.values(secretsOf(world)))).toEqual([])
    expect(emissions.findParts(credentialsSeen)).toEqual([])
  })

  it.each(['opaque token', 'JWT', 'client secret', 'private key'])('the %s would have been found', (name) => {
    const secret = secretsOf(world)[name] ?? ''
    const telling = listenToEmissions()
    telling.stop()
    telling.record(new Error('outer', { cause: new TypeError('inner', { cause: { request: { body: [secret] } } }) }))
    expect(telling.findPieces([secret])).toEqual([secret])
    expect(telling.findParts([secret])).toEqual([secret])
  })

  it('the page about it says what was measured', async () => {
    const page = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url))
    await expect(withMeasured(await readFile(page, 'utf8'), measured)).toMatchFileSnapshot(page)
  })
})

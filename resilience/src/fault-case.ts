import type { ZitadelAuthOptions } from '@org/zitadel-auth'
import type { ApiKind, Outcome } from './api.js'
import type { Emissions } from './emissions.js'
import { type Endpoint, startFaultProxy } from './fault-proxy.js'
import { type FaultName, faults } from './faults.js'
import { chooseFetch, createClient, type World } from './world.js'

/** One endpoint of ZITADEL with one thing wrong with it. */
export interface FaultCase {
  readonly endpoint: Endpoint
  readonly fault: FaultName
}

/** What an API did about it. */
export interface Measured {
  /** How the first request ended. */
  readonly outcome: Outcome
  /** How the others ended, by status. */
  readonly statuses: readonly number[]
  /** Whether every request was answered within the deadline for ZITADEL, and a little for everything else. */
  readonly isInTime: boolean
  /** How many requests there were. */
  readonly requests: number
  /** How many questions the first request cost, at the endpoint with the fault. */
  readonly calls: number
  /** How many questions all requests cost there. */
  readonly callsOfAll: number
  /** How many questions all requests cost at the other endpoints. */
  readonly callsElsewhere: number
  /** How many of the questions reached the endpoint. */
  readonly arrived: number
  /** How many questions followed a redirect. */
  readonly followed: number
  /** After how many seconds without the fault a request passed; undefined when it never did. */
  readonly recoveredAfterSeconds: number | undefined
}

/** How many requests come one after the other while the fault lasts. */
export const requestCount = 20

const probedSeconds = [0, 1, 10, 30]

/** Beyond the deadline, for a machine that is busy with something else. */
const slackMs = 5_000

/** Brings a fault over an API, sends requests, ends the fault, and sees when requests pass again. */
export async function runFaultCase(
  { endpoint, fault }: FaultCase,
  { api: { kind, credentials, network = 'node' }, world, emissions, credentialsSeen }: FaultCaseOptions,
): Promise<Measured> {
  const isSlow = 'isSlow' in faults[fault]
  const timeoutMs = isSlow ? 1_500 : 10_000
  const isJwt = endpoint === 'keys'
  const token = isJwt ? world.tokens.jwt : world.tokens.opaque
  const verification: Partial<ZitadelAuthOptions> = isJwt
    ? { verification: 'jwt', projectId: world.projectId }
    : { ...world.credentials[credentials] }
  const proxy = await startFaultProxy({ target: world.zitadel.issuer, secure: fault === 'certificate error' })
  const transport = network === 'fetch' ? { agent: undefined, fetch: chooseFetch(proxy) } : {}
  const options = { ...verification, ...transport, timeoutMs } as Partial<ZitadelAuthOptions>
  const client = createClient(world, proxy, emissions, options)
  const api = await kind.start(client.auth, emissions)

  await proxy.break(endpoint, faults[fault])
  const durations: number[] = []
  const ask = async (): Promise<Outcome> => {
    const startedAtMs = performance.now()
    const outcome = await api.ask(token)
    durations.push(performance.now() - startedAtMs)
    return outcome
  }
  const outcome = await ask()
  const calls = client.calls()[endpoint]
  const others: Outcome[] = []
  while (others.length < requestCount - 1) others.push(await ask())
  const counts = client.calls()
  const callsOfAll = counts[endpoint]
  const callsOfEveryone = counts.discovery + counts.keys + counts.introspection
  const arrived = proxy.arrived[endpoint]
  const followed = proxy.elsewhere.arrived

  await proxy.heal()
  const recoveredAfterSeconds = await findRecovery(client, async () => (await api.ask(token)).status)
  for (const proof of proxy.credentials) credentialsSeen.add(proof)
  await api.close()
  client.auth.close()
  await proxy.close()
  return {
    outcome,
    statuses: [...new Set(others.map(({ status }) => status))],
    requests: durations.length,
    isInTime: Math.max(...durations) < timeoutMs + slackMs,
    calls,
    callsOfAll,
    callsElsewhere: callsOfEveryone - callsOfAll,
    arrived,
    followed,
    recoveredAfterSeconds,
  }
}

/** What {@link runFaultCase} takes. */
export interface FaultCaseOptions {
  readonly api: ApiVariant
  readonly world: World
  readonly emissions: Emissions
  /** Takes every proof of identity that the API sent. */
  readonly credentialsSeen: Set<string>
}

/** A kind of API, and how it proves who it is. */
export interface ApiVariant {
  readonly name: string
  readonly kind: ApiKind
  readonly credentials: 'key' | 'secret'
  /** How it reaches ZITADEL. Default: by `node:http`. */
  readonly network?: 'node' | 'fetch'
}

async function findRecovery(
  { advanceSeconds }: { advanceSeconds(seconds: number): void },
  ask: () => Promise<number>,
): Promise<number | undefined> {
  let passed = 0
  for (const seconds of probedSeconds) {
    advanceSeconds(seconds - passed)
    passed = seconds
    if ((await ask()) === 200) return seconds
  }
  return undefined
}

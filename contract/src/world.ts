import { createZitadelAuth, type Logger, type ZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import {
  type GuideSetUp,
  type LocalZitadel,
  type ServiceUser,
  setUpGuide,
  startLocalZitadel,
} from '@org/zitadel-auth-testing'
import type { Host, RunningApi, Scenario } from './host.js'

/** A local ZITADEL with the guide's set-up, time that moves by hand, and the applications that a test started on it. */
export interface World extends GuideSetUp {
  readonly zitadel: LocalZitadel
  /** What the library logged, one line each. */
  readonly logged: string[]
  advanceSeconds(seconds: number): void
  /** Lets time pass in which answers, keys and waits grow older, and no token expires. */
  ageSeconds(seconds: number): void
  /** The time, in milliseconds since 1970. */
  now(): number
  createAuth(options?: Partial<ZitadelAuthOptions>): ZitadelAuth
  /** Starts an application, with an `auth` of its own unless the scenario brings one. */
  start(host: Host, scenario?: Partial<Scenario>): Promise<RunningApi>
  /** A service account that has a personal access token and, in the guide's project, these roles. */
  createUser(userName: string, ...roles: readonly string[]): ServiceUser & { readonly token: string }
  close(): Promise<void>
}

/** Makes a {@link World}. */
export async function createWorld(): Promise<World> {
  let nowMs = Date.now()
  let elapsedMs = 0
  const now = (): number => nowMs
  const zitadel = await startLocalZitadel({ now })
  const guide = setUpGuide(zitadel)
  zitadel.createRole(guide.project, 'admin')
  zitadel.createRole(guide.project, 'editor')
  const logged: string[] = []
  const logger: Logger = { warn: (line) => void logged.push(line), error: (line) => void logged.push(line) }
  const running: RunningApi[] = []
  const ageSeconds = (seconds: number): void => {
    elapsedMs += seconds * 1_000
  }
  const advanceSeconds = (seconds: number): void => {
    nowMs += seconds * 1_000
    ageSeconds(seconds)
  }
  // Waiting is moving time: nobody else has to do it for a retry or a repeat to go on.
  const clock = { now, elapsed: () => elapsedMs, sleep: async (ms: number) => advanceSeconds(ms / 1_000) }
  const createAuth: World['createAuth'] = (options) =>
    createZitadelAuth({ domain: zitadel.issuer, key: guide.key, logger, clock, ...options } as ZitadelAuthOptions)

  return {
    ...guide,
    zitadel,
    logged,
    advanceSeconds,
    ageSeconds,
    now,
    createAuth,
    async start(host, scenario) {
      const api = await host.start({ auth: createAuth(), ...scenario })
      running.push(api)
      return api
    },
    createUser(userName, ...roles) {
      const user = zitadel.createServiceUser({ userName })
      if (roles.length > 0) zitadel.grantRole(user, { project: guide.project, roles })
      return { ...user, token: zitadel.createPersonalAccessToken(user) }
    },
    async close() {
      await Promise.all(running.map((api) => api.close()))
      await zitadel.close()
    },
  }
}

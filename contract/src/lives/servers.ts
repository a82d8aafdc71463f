import type { World } from '../world.js'
import type { Application, RunningApplication } from './application.js'
import type { Tokens } from './credentials.js'
import { createJournal, type Journal } from './journal.js'

/** What an exchange needs of its server. */
export interface Needs {
  readonly isZitadelDown: boolean
  readonly allowsHalfOpen: boolean
}

/** An application on every server that an exchange may need. */
export interface Servers {
  readonly application: Application
  readonly world: World
  readonly tokens: Tokens
  readonly journal: Journal
  find(needs: Needs): RunningApplication
  /** Resolves when no server has a connection left. */
  untilDeserted(): Promise<void>
  close(): Promise<void>
}

/**
 * Starts an application on its servers.
 *
 * @param world - a ZITADEL that works
 * @param outage - one that does not
 */
export async function startServers(application: Application, world: World, outage: World): Promise<Servers> {
  const tokens = { admin: world.createUser(`admin of ${application.name}`, 'admin').token, nobody: world.token }
  const journal = createJournal()
  const servers = new Map<string, RunningApplication>()
  for (const isZitadelDown of [false, true]) {
    const auth = (isZitadelDown ? outage : world).createAuth()
    for (const allowsHalfOpen of [false, true]) {
      const server = await application.start(auth, journal)
      if (allowsHalfOpen) server.allowHalfOpen()
      servers.set(toKey({ isZitadelDown, allowsHalfOpen }), server)
    }
  }
  const all = [...servers.values()]
  return {
    ...{ application, world, tokens, journal },
    find: (needs) => servers.get(toKey(needs)) as RunningApplication,
    untilDeserted: async () => void (await Promise.all(all.map((server) => server.untilDeserted()))),
    close: async () => void (await Promise.all(all.map((server) => server.close()))),
  }
}

function toKey({ isZitadelDown, allowsHalfOpen }: Needs): string {
  return JSON.stringify([isZitadelDown, allowsHalfOpen])
}

import { afterAll, beforeAll, describe } from 'vitest'
import type { Application } from '../src/lives/application.js'
import { type Servers, startServers } from '../src/lives/servers.js'
import { type Uncaught, watchUncaught } from '../src/lives/uncaught.js'
import { createWorld, type World } from '../src/world.js'

/** What a test of an application gets. */
export interface Setup {
  readonly servers: Servers
  readonly uncaught: Uncaught
}

/**
 * Describes applications, each started on its servers.
 *
 * @param describeOne - adds the tests of one; its setup is there when they run
 */
export function describeApplications(
  applications: readonly Application[],
  describeOne: (application: Application, setup: () => Setup) => void,
): void {
  let world: World
  let outage: World
  let uncaught: Uncaught
  beforeAll(async () => {
    uncaught = watchUncaught()
    world = await createWorld()
    outage = await createWorld()
    outage.zitadel.fail('introspection', { status: 503 })
  })
  afterAll(async () => {
    await Promise.all([world.close(), outage.close()])
    uncaught.stop()
  })

  for (const application of applications) {
    describe(application.name, () => {
      let servers: Servers
      beforeAll(async () => {
        servers = await startServers(application, world, outage)
      })
      afterAll(() => servers.close())
      describeOne(application, () => ({ servers, uncaught }))
    })
  }
}

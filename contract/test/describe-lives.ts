import { expect, it } from 'vitest'
import type { Application } from '../src/lives/application.js'
import { goodToken } from '../src/lives/credentials.js'
import { findViolations } from '../src/lives/find-violations.js'
import { runCase } from '../src/lives/run-case.js'
import { describeApplications } from './describe-applications.js'

/** Tries every life of a client on applications: behind a refusal nothing runs, and before one nothing is in the way. */
export function describeLives(applications: readonly Application[]): void {
  describeApplications(applications, ({ protocol, delays }, setup) => {
    it('lets a good token through to the handler, whatever is asked', async () => {
      const { servers, uncaught } = setup()
      const [life] = protocol.lives
      const [delay] = delays
      const running = protocol.shapes.map((shape) => runCase(servers, { life, shape, delay, credentials: goodToken }))
      await Promise.all(running.map(({ outcome }) => outcome))
      expect(running.filter(({ exchange }) => !exchange.ran.includes('the handler'))).toEqual([])
      expect(uncaught.take()).toEqual([])
    })

    for (const delay of delays) {
      it(`runs nothing behind a refusal whose response is finished ${delay.name}`, async () => {
        const { servers, uncaught } = setup()
        expect(await findViolations(servers, delay, uncaught)).toEqual([])
      })
    }
  })
}

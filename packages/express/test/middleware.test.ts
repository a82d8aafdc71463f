import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { createZitadelAuth, type ZitadelAuth } from '@org/zitadel-auth'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { authorizationErrorHandler, requireAuthorization } from '../src/index.js'

let zitadel: LocalZitadel
let guide: GuideSetUp
let auth: ZitadelAuth
const servers: Server[] = []

beforeAll(async () => {
  zitadel = await startLocalZitadel()
  guide = setUpGuide(zitadel)
  auth = createZitadelAuth({ domain: zitadel.issuer, key: guide.key })
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => zitadel.close())

async function listen(app: Express): Promise<number> {
  const server = createServer(app)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Answers with what reaches it. */
const tellName: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(500).send(error.name)
}

describe('requireAuthorization', () => {
  it.each([undefined, null, false, 0, '', 'route', 'router'])(
    'lets nobody pass when a verdict fails with %j',
    async (nothing) => {
      for (const onRefusal of ['respond', 'throw'] as const) {
        const broken = { ...auth, authenticate: () => Promise.reject(nothing) }
        const app = express()
        app.get(
          '/',
          requireAuthorization(broken, true, { onRefusal }),
          (_request, response) => void response.send('secret'),
        )
        app.use((_request, response) => void response.send('another route')).use(tellName)
        const answer = await fetch(`http://127.0.0.1:${await listen(app)}/`)
        expect([answer.status, await answer.text()]).toEqual([500, 'Error'])
      }
    },
  )

  it('leaves alone what somebody else has answered meanwhile, and the connection too', async () => {
    let giveUp = (): void => {}
    const app = express()
    app.use((_request, response, next) => {
      giveUp = () => void response.status(503).send('took too long')
      next()
    })
    const verdicts: Promise<unknown>[] = []
    const watched: ZitadelAuth = {
      ...auth,
      authenticate(header, ...given) {
        const verdict = auth.authenticate(header, ...given)
        verdicts.push(verdict)
        return verdict
      },
    }
    app.use(requireAuthorization(watched))
    const socket = connect(await listen(app), '127.0.0.1').setEncoding('utf8')
    const ask = () => socket.write('GET / HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer bad\r\n\r\n')
    const hold = zitadel.hold('introspection')
    ask()
    await hold.untilWaiting(1)
    giveUp()
    expect(String(await once(socket, 'data'))).toContain('503 Service Unavailable')
    hold.release()
    await Promise.allSettled(verdicts)
    ask()
    expect(String(await once(socket, 'data'))).toContain('401 Unauthorized')
    socket.destroy()
  })
})

describe('authorizationErrorHandler', () => {
  for (const nothing of [undefined, null, {}, true, { refusal: 'no' }]) {
    it(`is nothing without an auth, as ${JSON.stringify(nothing)} is none`, () => {
      expect(() => authorizationErrorHandler(nothing as never)).toThrow(
        new TypeError('the first argument is not a ZitadelAuth: give what createZitadelAuth returns'),
      )
    })
  }
})

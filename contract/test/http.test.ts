import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { earlyHeader } from '../src/host.js'
import { hosts } from '../src/hosts/index.js'
import { createWorld, type World } from '../src/world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

describe.each(hosts)('$name', (host) => {
  it('answers a refused HEAD with the headers of a GET and no body', async () => {
    const api = await world.start(host)
    const { headers } = await ask(`${api.url}/required`)
    const head = await ask(`${api.url}/required`, { method: 'HEAD' })
    expect(head).toMatchObject({ status: 401, body: '' })
    expect({ ...head.headers, date: '' }).toEqual({ ...headers, date: '' })
  })

  it('protects OPTIONS like any other method, so that CORS middleware belongs before it', async () => {
    const api = await world.start(host)
    const answer = await ask(`${api.url}/required`, { method: 'OPTIONS' })
    expect(answer).toMatchObject({ status: 401, headers: { [earlyHeader[0].toLowerCase()]: earlyHeader[1] } })
  })

  it('keeps the connection after a refusal', async () => {
    const api = await world.start(host)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const send = async (headers: Record<string, string>) => {
      const sent = request(`${api.url}/required`, { agent, headers }).end()
      const [answer] = await once(sent, 'response')
      answer.resume()
      await once(answer, 'end')
      return { status: answer.statusCode, port: answer.socket?.localPort ?? sent.socket?.localPort }
    }
    const refused = await send({})
    const accepted = await send({ authorization: `Bearer ${world.token}` })
    agent.destroy()
    expect([refused.status, accepted.status]).toEqual([401, 200])
    expect(accepted.port).toBe(refused.port)
  })

  it('survives a client that hangs up while its token is verified', async () => {
    const handled: unknown[] = []
    const api = await world.start(host, { onHandled: (context) => handled.push(context) })
    const hold = world.zitadel.hold('introspection')
    const first = request(`${api.url}/required`, { headers: { authorization: `Bearer ${world.token}` }, agent: false })
    first.on('error', () => {}).end()
    await hold.untilWaiting(1)
    const second = ask(`${api.url}/required`, { authorization: `Bearer ${world.token}` })
    first.destroy()
    hold.release()
    expect(await second).toMatchObject({ status: 200 })
    expect(await ask(`${api.url}/required`)).toMatchObject({ status: 401 })
  })
})

describe.each(hosts.filter(({ readsBodyFirst }) => !readsBodyFirst))('$name', (host) => {
  it('refuses before it reads the body', async () => {
    const api = await world.start(host)
    const { hostname, port } = new URL(api.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      'POST /required HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{',
    )
    const [answer] = await once(socket, 'data')
    socket.destroy()
    expect(String(answer)).toMatch(/^HTTP\/1\.1 401 /)
  })
})

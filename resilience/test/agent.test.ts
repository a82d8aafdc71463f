import { Agent as PlainAgent } from 'node:http'
import { Agent, type AgentOptions, type ServerOptions } from 'node:https'
import { createZitadelAuth } from '@org/zitadel-auth'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createCertificate } from '../../packages/grpc/test/certificate.js'
import { type SecureZitadel, startSecureZitadel } from '../src/secure-zitadel.js'
import { startTunnelProxy, TunnelAgent } from '../src/tunnel.js'

// Every certificate here is its own authority.
const [ofZitadel, ofApi, another] = [createCertificate(), createCertificate(), createCertificate()]
const toTls = ({ certificate, privateKey }: typeof ofApi) => ({ cert: certificate, key: privateKey })
const trusting = { ca: ofZitadel.certificate, keepAlive: true }

async function startZitadel(options: ServerOptions = {}): Promise<SecureZitadel> {
  const zitadel = await startSecureZitadel({ ...toTls(ofZitadel), ...options })
  onTestFinished(zitadel.close)
  return zitadel
}

async function startProxy(refusal?: number) {
  const proxy = await startTunnelProxy(refusal)
  onTestFinished(proxy.close)
  return proxy
}

/** Asks about so many tokens, one after the other: gives their users, or the error. */
async function ask({ issuer }: SecureZitadel, agent: Agent | PlainAgent | undefined, times = 1): Promise<unknown> {
  const auth = createZitadelAuth({
    domain: issuer,
    clientId: 'api',
    clientSecret: 'words',
    logger: { warn() {}, error() {} },
    ...(agent && { agent }),
  })
  onTestFinished(() => {
    auth.close()
    agent?.destroy()
  })
  const users: string[] = []
  for (let at = 0; at < times; at += 1) users.push((await auth.authenticate(`Bearer token-${at}`)).userId)
  return users
}

const unreachable = ({ host }: SecureZitadel, why: string) =>
  expect.objectContaining({
    code: 'ERR_PROVIDER_UNAVAILABLE',
    status: 503,
    reason: expect.stringMatching(new RegExp(`^${host} cannot be reached \\(${why}\\)$`)),
  })

describe('a certificate of an authority of your own', () => {
  it('is accepted by an agent that knows it', async () =>
    expect(await ask(await startZitadel(), new Agent(trusting), 2)).toEqual(['ann', 'ann']))

  for (const [what, createAgent] of [
    ['without an agent', () => undefined],
    ['by an agent that knows another', () => new Agent({ ca: another.certificate })],
  ] as const) {
    it(`is refused ${what}, and the reason says why`, async () => {
      const zitadel = await startZitadel()
      await expect(ask(zitadel, createAgent())).rejects.toEqual(unreachable(zitadel, 'DEPTH_ZERO_SELF_SIGNED_CERT'))
      expect(zitadel.asked).toEqual([])
    })
  }

  it('is refused for another name', async () => {
    const zitadel = await startZitadel()
    const agent = new Agent({ ...trusting, servername: 'elsewhere.example' })
    await expect(ask(zitadel, agent)).rejects.toEqual(unreachable(zitadel, 'ERR_TLS_CERT_ALTNAME_INVALID'))
    expect(zitadel.asked).toEqual([])
  })
})

describe('an agent of node:http', () => {
  it('is a mistake where ZITADEL speaks https, and the reason says so', async () => {
    const zitadel = await startZitadel()
    await expect(ask(zitadel, new PlainAgent())).rejects.toMatchObject({
      code: 'ERR_CONFIGURATION',
      status: 500,
      reason: `the agent cannot reach ${zitadel.host}: it takes one of node:https`,
    })
  })
})

describe('a server that wants to know who connects', () => {
  const demanding = { requestCert: true, rejectUnauthorized: true, ca: ofApi.certificate }

  it('lets pass an agent with a client certificate', async () => {
    const agent = new Agent({ ...trusting, ...toTls(ofApi) })
    expect(await ask(await startZitadel(demanding), agent)).toEqual(['ann'])
  })

  for (const [what, certificate] of [
    ['without one', {}],
    ['with that of somebody else', toTls(another)],
  ] as const satisfies readonly (readonly [string, AgentOptions])[]) {
    it(`is out of reach for an agent ${what}`, async () => {
      const zitadel = await startZitadel(demanding)
      const agent = new Agent({ ...trusting, ...certificate })
      await expect(ask(zitadel, agent)).rejects.toEqual(unreachable(zitadel, '[A-Z0-9_]+'))
      expect(zitadel.asked).toEqual([])
    })
  }
})

describe('a proxy', () => {
  it('is the way that every question takes, in one tunnel', async () => {
    const [zitadel, proxy] = [await startZitadel(), await startProxy()]
    expect(await ask(zitadel, new TunnelAgent(proxy.port, trusting), 3)).toEqual(['ann', 'ann', 'ann'])
    expect(proxy.tunnels).toEqual([zitadel.host])
    const introspection = '/oauth/v2/introspect'
    expect(zitadel.asked).toEqual(['/.well-known/openid-configuration', introspection, introspection, introspection])
  })

  it('does not stand in for ZITADEL: its certificate counts', async () => {
    const [zitadel, proxy] = [await startZitadel(), await startProxy()]
    await expect(ask(zitadel, new TunnelAgent(proxy.port, {}))).rejects.toEqual(
      unreachable(zitadel, 'DEPTH_ZERO_SELF_SIGNED_CERT'),
    )
  })

  it('that opens no tunnel makes ZITADEL out of reach, and is not gone around', async () => {
    const [zitadel, proxy] = [await startZitadel(), await startProxy(407)]
    await expect(ask(zitadel, new TunnelAgent(proxy.port, trusting))).rejects.toEqual(unreachable(zitadel, 'PROXY_407'))
    expect([proxy.tunnels, zitadel.asked]).toEqual([[zitadel.host, zitadel.host], []])
  })
})

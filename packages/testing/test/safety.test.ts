import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startLocalZitadel } from '../src/index.js'
import { type Fixture, startFixture } from './support/fixture.js'
import { sendRaw } from './support/raw-request.js'

let fixture: Fixture
beforeAll(async () => {
  fixture = await startFixture()
  fixture.zitadel.addCustomDomain('auth.example.com')
})
afterAll(() => fixture.zitadel.close())
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

describe('/local/grants', () => {
  const grant = (headers: Record<string, string>) =>
    sendRaw(fixture.zitadel.issuer, {
      method: 'POST',
      path: '/local/grants',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: 'role=intruder',
    })
  const own = () => new URL(fixture.zitadel.issuer)
  const hasIntruder = async () =>
    JSON.stringify(await fixture.introspect(fixture.zitadel.createPersonalAccessToken(fixture.user)))

  for (const [name, headers] of [
    ['of another origin', () => ({ origin: 'https://evil.example' })],
    ['of a file, or a sandbox', () => ({ origin: 'null' })],
    ['of another port', () => ({ origin: 'http://127.0.0.1:1' })],
    [
      'whose name was made to lead here, whatever it says of the instance',
      () => ({
        host: `evil.example:${own().port}`,
        origin: `http://evil.example:${own().port}`,
        'x-zitadel-instance-host': own().host,
      }),
    ],
    [
      'whose name was made to lead here, without an origin',
      () => ({ host: `evil.example:${own().port}`, 'x-zitadel-instance-host': own().host }),
    ],
    ['at a custom domain', () => ({ host: 'auth.example.com' })],
  ] as const) {
    it(`is closed to a page ${name}`, async () => {
      const answer = await grant(headers())

      expect(answer).toMatchObject({ status: 403, body: 'only programs on this machine may change grants\n' })
      expect(await hasIntruder()).not.toContain('intruder')
    })
  }

  for (const [name, headers] of [
    ['a program', () => ({})],
    ['a program that says localhost', () => ({ host: `localhost:${own().port}` })],
    ['its own origin', () => ({ origin: own().origin })],
  ] as const) {
    it(`is open to ${name}`, async () => {
      expect((await grant(headers())).status).toBe(200)
    })
  }

  for (const [name, init] of [
    ['the query', { query: '?rol=editor', body: '' }],
    ['a form', { query: '', body: 'rol=editor' }],
  ] as const) {
    it(`refuses a parameter of ${name} that it does not know`, async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const { body } = init
      const path = `/local/grants${init.query}`
      const answer = await sendRaw(fixture.zitadel.issuer, { method: 'POST', path, headers, body })

      expect(answer).toMatchObject({
        status: 400,
        body: 'there is no parameter "rol": role, user and project are known\n',
      })
    })
  }
})

describe('startLocalZitadel', () => {
  it('tells the time by the clock of the moment, also by one that a test has put there since', async () => {
    await using zitadel = await startLocalZitadel()
    const project = zitadel.createProject({ name: 'tasks' })
    const { clientId, clientSecret } = zitadel.createApiApplication(project, { authMethod: 'basic' })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2031-01-01T00:00:00Z') })
    const user = zitadel.createServiceUser({ userName: 'tasks-client' })
    const token = zitadel.issueAccessToken(user, { type: 'jwt', audience: [project.id] })
    const body = new URLSearchParams({ token, client_id: clientId, client_secret: clientSecret })
    const response = await fetch(`${zitadel.issuer}/oauth/v2/introspect`, { method: 'POST', body })

    expect(await response.json()).toMatchObject({ active: true, iat: Date.parse('2031-01-01T00:00:00Z') / 1_000 })
  })

  it('warns where NODE_ENV says production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    await using _zitadel = await startLocalZitadel()
    const warnings = emitWarning.mock.calls.map(([warning]) => warning)
    emitWarning.mockRestore()

    expect(warnings).toEqual([
      'a local ZITADEL was started under NODE_ENV=production: whoever reaches its port may grant roles',
    ])
  })

  it('does not warn elsewhere', async () => {
    const emitWarning = vi.spyOn(process, 'emitWarning')
    await using _zitadel = await startLocalZitadel()
    const { length } = emitWarning.mock.calls
    emitWarning.mockRestore()

    expect(length).toBe(0)
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Fixture, startFixture, toBasic } from './support/fixture.js'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(() => fixture.zitadel.close())

const read = async (answer: Promise<Response>) => {
  const response = await answer
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    retryAfter: response.headers.get('retry-after'),
    body: await response.text(),
  }
}
const get = (path: string) => read(fetch(`${fixture.zitadel.issuer}${path}`))
const introspect = (clientSecret = fixture.basic.clientSecret) => {
  const token = fixture.zitadel.createPersonalAccessToken(fixture.user)
  return read(fixture.post('/oauth/v2/introspect', { token }, toBasic(fixture.basic.clientId, clientSecret)))
}
const getToken = () => {
  const secret = fixture.zitadel.createServiceUserSecret(fixture.user)
  const form = { grant_type: 'client_credentials', scope: 'openid' }
  return read(fixture.post('/oauth/v2/token', form, toBasic('tasks-client', secret)))
}
const plainText = (status: number) => ({ status, contentType: 'text/plain; charset=utf-8', retryAfter: null })

const DISCOVERY = '/.well-known/openid-configuration'
const KEYS = '/oauth/v2/keys'

describe('the outage database-down', () => {
  beforeEach(() => fixture.zitadel.fail('all', 'database-down'))

  it('answers 500 in plain text, whoever asks for what', async () => {
    const answers = [
      await get(DISCOVERY),
      await get(KEYS),
      await introspect(),
      await introspect('wrong'),
      await getToken(),
    ]

    expect(answers).toEqual(
      answers.map(() => ({ ...plainText(500), body: expect.stringContaining('Errors.Internal') })),
    )
  })
})

describe('the outage database-down-behind-cache', () => {
  beforeEach(() => fixture.zitadel.fail('all', 'database-down-behind-cache'))

  it('calls every token inactive, with good and with bad credentials', async () => {
    const inactive = { status: 200, contentType: 'application/json', retryAfter: null, body: '{"active":false}\n' }

    expect(await introspect()).toEqual(inactive)
    expect(await introspect('wrong')).toEqual(inactive)
  })

  it('shows in the keys, and not in the discovery document', async () => {
    expect(await get(KEYS)).toMatchObject({ status: 500 })
    expect(await get(DISCOVERY)).toMatchObject({ status: 200, body: expect.stringContaining(fixture.zitadel.issuer) })
  })

  it('gives no tokens', async () => {
    expect(await getToken()).toMatchObject({ status: 500 })
  })
})

describe('the outage instance-blocked', () => {
  it('answers 429 in plain text everywhere, and does not say for how long', async () => {
    fixture.zitadel.fail('all', 'instance-blocked')
    const answers = [await get(DISCOVERY), await get(KEYS), await introspect(), await getToken()]

    expect(answers).toEqual(answers.map(() => ({ ...plainText(429), body: 'Your ZITADEL instance is blocked.\n' })))
  })
})

describe('an outage', () => {
  for (const outage of ['database-down', 'database-down-behind-cache', 'instance-blocked'] as const) {
    it(`${outage} ends with recover, and leaves /local/grants alone`, async () => {
      fixture.zitadel.fail('all', outage)
      const granting = await read(fetch(`${fixture.zitadel.issuer}/local/grants`, { method: 'POST' }))
      fixture.zitadel.recover()

      expect(granting.status).toBe(200)
      expect(await introspect()).toMatchObject({ status: 200, body: expect.stringContaining('"active":true') })
    })
  }

  it('can be had for one endpoint and a number of requests', async () => {
    fixture.zitadel.fail('keys', 'database-down', { times: 1 })

    expect([(await introspect()).status, (await get(KEYS)).status, (await get(KEYS)).status]).toEqual([200, 500, 200])
  })
})

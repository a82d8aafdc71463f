import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HumanUser, WebApplication } from '../src/index.js'
import { recordedLogout } from './recorded/exchanges.js'
import { mask } from './recorded/mask.js'
import { type Fixture, startFixture } from './support/fixture.js'
import { type Receiver, startReceiver } from './support/receiver.js'

let fixture: Fixture
let receiver: Receiver
let web: WebApplication
let person: HumanUser
beforeEach(async () => {
  fixture = await startFixture()
  receiver = await startReceiver()
  web = fixture.zitadel.createWebApplication(fixture.project, { backChannelLogoutUri: receiver.url })
  person = fixture.zitadel.createHumanUser({ userName: 'person' })
})
afterEach(async () => {
  await fixture.zitadel.close()
  receiver.stop()
})

const readLogouts = async () => {
  await fixture.zitadel.untilDelivered()
  return receiver.received.map(({ headers, body }) => ({
    'content-type': headers['content-type'],
    form: Object.fromEntries(new URLSearchParams(body)),
  }))
}
const readLogoutToken = async () => (await readLogouts())[0]?.form['logout_token'] ?? ''

describe('endSession', () => {
  it('posts a logout token as the real ZITADEL did', async () => {
    fixture.zitadel.endSession(person)

    expect(mask(await readLogouts(), fixture.zitadel.issuer)).toEqual([recordedLogout])
  })

  it('signs it, for the application and the session', async () => {
    fixture.zitadel.endSession(person, { sessionId: '1' })
    const keys = createRemoteJWKSet(new URL(`${fixture.zitadel.issuer}/oauth/v2/keys`))
    const currentDate = new Date(fixture.nowSeconds() * 1_000)
    const { payload } = await jwtVerify(await readLogoutToken(), keys, { audience: web.clientId, currentDate })

    expect(payload).toMatchObject({ sub: person.id, sid: '1' })
  })

  it('makes the access tokens of the person inactive, and nobody else’s', async () => {
    const issue = (user = person) => fixture.zitadel.issueAccessToken(user, { audience: [fixture.project.id] })
    const tokens = [issue(), issue(fixture.zitadel.createHumanUser({ userName: 'other' }))]
    fixture.zitadel.endSession(person)
    const answers = await Promise.all(tokens.map((token) => fixture.introspect(token)))

    expect(answers.map(({ active }) => active)).toEqual([false, true])
  })

  it('tells every application with such an address, and no other', async () => {
    fixture.zitadel.createWebApplication(fixture.project)
    const second = { authMethod: 'basic', backChannelLogoutUri: receiver.url } as const
    const { clientId } = fixture.zitadel.createWebApplication(fixture.project, second)
    fixture.zitadel.endSession(person)
    const tokens = (await readLogouts()).map(({ form }) => decodeJwt(form['logout_token'] ?? '').aud)

    expect(tokens).toEqual([[web.clientId], [clientId]])
  })
})

describe('sendLogoutToken', () => {
  it('posts one although no session has ended, and gives what came of it', async () => {
    const token = fixture.zitadel.issueAccessToken(person, { audience: [fixture.project.id] })
    const delivery = await fixture.zitadel.sendLogoutToken(person, { application: web, sessionId: '1' })

    expect(delivery).toMatchObject({ url: receiver.url, status: 200 })
    expect(decodeJwt(await readLogoutToken())).toMatchObject({ sub: person.id, aud: [web.clientId], sid: '1' })
    expect(await fixture.introspect(token)).toMatchObject({ active: true })
  })

  it('can do so by another name of the instance', async () => {
    const issuer = fixture.zitadel.addCustomDomain('localhost')
    await fixture.zitadel.sendLogoutToken(person, { application: web, issuer })

    expect(decodeJwt(await readLogoutToken()).iss).toBe(issuer)
  })

  it('refuses an application without an address', async () => {
    const application = fixture.zitadel.createWebApplication(fixture.project)

    await expect(fixture.zitadel.sendLogoutToken(person, { application })).rejects.toThrow(
      'this application has no backChannelLogoutUri',
    )
  })
})

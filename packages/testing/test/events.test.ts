import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Target } from '../src/index.js'
import { recordedEvents } from './recorded/exchanges.js'
import { mask } from './recorded/mask.js'
import { type Fixture, startFixture } from './support/fixture.js'
import { type Receiver, startReceiver } from './support/receiver.js'

let fixture: Fixture
let receiver: Receiver
beforeEach(async () => {
  fixture = await startFixture()
  receiver = await startReceiver()
})
afterEach(async () => {
  await fixture.zitadel.close()
  receiver.stop()
})

const createTarget = (events?: string[], endpoint = receiver.url) =>
  fixture.zitadel.createTarget({ endpoint, ...(events && { events }) })
const readEvents = async () => {
  await fixture.zitadel.untilDelivered()
  return receiver.received.map(({ body }) => JSON.parse(body))
}
const readTypes = async () => (await readEvents()).map(({ event_type }) => event_type)
const isSignedBy = ({ signingKey }: Target, { headers, body }: Receiver['received'][number]) => {
  const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['zitadel-signature'])) ?? []
  return (
    Number(t) === fixture.nowSeconds() && v1 === createHmac('sha256', signingKey).update(`${t}.${body}`).digest('hex')
  )
}

describe('an event', () => {
  const withoutSequence = (event: Record<string, unknown>) => ({ ...event, sequence: typeof event['sequence'] })
  const recorded = recordedEvents.filter(({ body }) => 'event_type' in body)

  it('is what the real ZITADEL sent, for everything that was recorded', async () => {
    const { zitadel, project, user } = fixture
    const [locked, leaver] = ['locked', 'leaver'].map((userName) => zitadel.createServiceUser({ userName }))
    const person = zitadel.createHumanUser({ userName: 'person' })
    const token = zitadel.createPersonalAccessToken(user)
    for (const role of ['admin', 'editor', 'tmp630106']) zitadel.createRole(project, role)
    zitadel.grantRole(leaver ?? user, { project, roles: ['editor', 'admin'] })
    createTarget([...new Set(recorded.map(({ what }) => what))])

    zitadel.grantRole(user, { project, role: 'admin' })
    zitadel.removePersonalAccessToken(token)
    zitadel.lockUser(locked ?? user)
    zitadel.deactivateUser(locked ?? user)
    zitadel.revokeRole(user, { project, role: 'admin' })
    zitadel.revokeRole(leaver ?? user, { project, role: 'admin' })
    await zitadel.sendEvent('user.grant.deactivated')
    await zitadel.sendEvent('user.grant.reactivated')
    zitadel.grantRole(leaver ?? user, { project, role: 'tmp630106' })
    zitadel.removeRole(project, 'tmp630106')
    zitadel.revokeAccessToken(zitadel.issueAccessToken(person))
    zitadel.issueAccessToken(person)
    zitadel.endSession(person)
    zitadel.removeUser(leaver ?? user)

    expect(
      (await readEvents()).map((event) => withoutSequence(mask(event, zitadel.issuer) as object as typeof event)),
    ).toEqual(recorded.map(({ body }) => withoutSequence(mask(body, zitadel.issuer) as typeof body)))
  })

  it('is everything that was recorded but functions and requests, as the README says', () => {
    const others = recordedEvents.filter((event) => !recorded.includes(event)).map(({ what }) => what)

    expect([...new Set(others)]).toEqual([
      'function/preaccesstoken',
      'function/preuserinfo',
      '/reqjwt',
      '/zitadel.settings.v2.SettingsService/GetGeneralSettings',
    ])
    expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(
      'functions, requests and responses are not sent',
    )
  })

  it('has the headers of the real ZITADEL, and a signature by the key of its target', async () => {
    const target = createTarget()
    await fixture.zitadel.sendEvent('user.locked', { aggregateId: fixture.user.id })
    const [received = { headers: {}, body: '' }] = receiver.received

    expect(received.headers).toMatchObject({ 'user-agent': 'Go-http-client/1.1', 'content-type': 'application/json' })
    expect(isSignedBy(target, received)).toBe(true)
  })

  it('counts for what it happened to, and tells who did it', async () => {
    createTarget(['user.*'])
    fixture.zitadel.lockUser(fixture.user)
    fixture.zitadel.deactivateUser(fixture.user)
    const [first, second] = await readEvents()

    expect(first).toMatchObject({ aggregateID: fixture.user.id, sequence: 1, created_at: '2026-07-01T12:00:00.000Z' })
    expect(second).toMatchObject({ aggregateID: fixture.user.id, sequence: 2, userID: first.userID })
    expect(first.userID).not.toBe(fixture.user.id)
  })

  it('of a token has the first half of its id', async () => {
    createTarget(['oidc_session.*'])
    const token = fixture.zitadel.issueAccessToken(fixture.user, { audience: [fixture.project.id], type: 'jwt' })
    const { jti } = await fixture.introspect(token)
    fixture.zitadel.revokeAccessToken(token)
    const [added, revoked] = await readEvents()

    expect(`${added.aggregateID}-${added.event_payload.id}`).toBe(jti)
    expect(revoked.aggregateID).toBe(added.aggregateID)
  })
})

describe('a target', () => {
  for (const [name, events, expected] of [
    ['is told everything', undefined, ['user.grant.added', 'user.deactivated']],
    ['is told the events it names', ['user.deactivated'], ['user.deactivated']],
    ['is told the groups it names', ['user.grant.*'], ['user.grant.added']],
    ['is told nothing when it names nothing', [], []],
  ] as const) {
    it(name, async () => {
      const { zitadel, project, user } = fixture
      zitadel.createRole(project, 'admin')
      createTarget(events && [...events])
      zitadel.grantRole(user, { project, role: 'admin' })
      zitadel.deactivateUser(user)

      expect(await readTypes()).toEqual(expected)
    })
  }

  it('is told only what is new', async () => {
    const { zitadel, project, user } = fixture
    zitadel.createRole(project, 'admin')
    zitadel.grantRole(user, { project, role: 'admin' })
    createTarget()
    zitadel.grantRole(user, { project, role: 'admin' })
    zitadel.revokeRole(user, { project, role: 'editor' })
    zitadel.removeRole(project, 'editor')

    expect(await readTypes()).toEqual([])
  })

  it('is told by the revocation endpoint too', async () => {
    const { zitadel, project } = fixture
    const { clientId } = zitadel.createWebApplication(project)
    const token = zitadel.issueAccessToken(zitadel.createHumanUser({ userName: 'person' }), { clientId })
    createTarget()
    await fixture.post('/oauth/v2/revoke', { token, client_id: clientId })

    expect(await readTypes()).toEqual(['oidc_session.access_token.revoked'])
  })

  it('is told nothing any more once it was removed', async () => {
    fixture.zitadel.removeTarget(createTarget())
    fixture.zitadel.deactivateUser(fixture.user)

    expect(await readEvents()).toEqual([])
  })

  it('can have a signing key of one’s own', async () => {
    const target = fixture.zitadel.createTarget({ endpoint: receiver.url, signingKey: 'my-signing-key' })
    await fixture.zitadel.sendEvent('user.locked')
    const [received = { headers: {}, body: '' }] = receiver.received

    expect(target.signingKey).toBe('my-signing-key')
    expect(isSignedBy(target, received)).toBe(true)
  })
})

describe('sendEvent', () => {
  it('gives what was sent and what came of it, for a test that sends it again', async () => {
    const target = createTarget()
    const payload = { userId: fixture.user.id, projectId: fixture.project.id }
    const [delivery] = await fixture.zitadel.sendEvent('user.grant.removed', { aggregateId: '1', userId: '2', payload })

    expect(delivery).toMatchObject({ url: receiver.url, status: 200, body: receiver.received[0]?.body })
    expect(isSignedBy(target, { headers: delivery?.headers ?? {}, body: delivery?.body ?? '' })).toBe(true)
    expect(await readEvents()).toMatchObject([{ aggregateID: '1', userID: '2', event_payload: payload }])
  })

  it('gives the status of a target that refuses, and none of one that is gone', async () => {
    const refusing = await startReceiver({ status: 401 })
    createTarget(['user.locked'], refusing.url)
    const [refused] = await fixture.zitadel.sendEvent('user.locked')
    refusing.stop()
    const [gone] = await fixture.zitadel.sendEvent('user.locked')

    expect([refused?.status, gone?.status]).toEqual([401, undefined])
  })

  it('refuses when nobody would hear it', async () => {
    await expect(fixture.zitadel.sendEvent('user.locked')).rejects.toThrow(
      'no target takes "user.locked": create one with createTarget first',
    )
  })

  it('is given up by close', async () => {
    const silent = await startReceiver({ status: 'never' })
    createTarget(undefined, silent.url)
    const sent = fixture.zitadel.sendEvent('user.locked')
    await expect.poll(() => silent.received.length).toBe(1)
    await fixture.zitadel.close()

    expect(await sent).toMatchObject([{ status: undefined }])
    silent.stop()
  })
})

import { afterEach, beforeEach, expect, it } from 'vitest'
import { startLocalZitadel } from '../src/index.js'
import { type Fixture, startFixture } from './support/fixture.js'

let fixture: Fixture
beforeEach(async () => {
  fixture = await startFixture()
})
afterEach(() => fixture.zitadel.close())

const readDate = async (path = '/oauth/v2/keys') =>
  (await fetch(`${fixture.zitadel.issuer}${path}`)).headers.get('date')

for (const path of [
  '/.well-known/openid-configuration',
  '/oauth/v2/keys',
  '/oauth/v2/introspect',
  '/oauth/v2/token',
  '/oauth/v2/revoke',
  '/oidc/v1/userinfo',
  '/local/grants',
  '/elsewhere',
]) {
  it(`${path} is dated by the server's clock, in whole seconds`, async () => {
    const first = await readDate(path)
    fixture.advanceSeconds(89.9)

    expect(first).toBe('Wed, 01 Jul 2026 12:00:00 GMT')
    expect(await readDate(path)).toBe('Wed, 01 Jul 2026 12:01:29 GMT')
  })
}

for (const fault of [{ status: 503 }, 'hang-in-body', 'cut-off', 'database-down'] as const) {
  it(`an answer is dated by it also when it fails by ${JSON.stringify(fault)}`, async () => {
    fixture.zitadel.fail('keys', fault)

    expect(await readDate()).toBe('Wed, 01 Jul 2026 12:00:00 GMT')
  })
}

it('a held answer is dated when it goes', async () => {
  const hold = fixture.zitadel.hold('keys')
  const date = readDate()
  await hold.untilWaiting(1)
  fixture.advanceSeconds(60)
  hold.release()

  expect(await date).toBe('Wed, 01 Jul 2026 12:01:00 GMT')
})

it('a fault may have a date of its own', async () => {
  fixture.zitadel.fail('keys', { status: 503, headers: { Date: 'Thu, 01 Jan 1970 00:00:00 GMT' } })

  expect(await readDate()).toBe('Thu, 01 Jan 1970 00:00:00 GMT')
})

it('a clock that stops telling the time makes every answer a 500 without a date, until it goes on', async () => {
  let read = () => Date.parse('2026-07-01T12:00:00Z')
  await using zitadel = await startLocalZitadel({ now: () => read() })
  const ask = () => fetch(`${zitadel.issuer}/oauth/v2/keys`)
  read = () => Number.NaN
  const meanwhile = await ask()
  read = () => 0

  expect(meanwhile.status).toBe(500)
  expect(meanwhile.headers.get('date')).toBeNull()
  expect((await ask()).headers.get('date')).toBe('Thu, 01 Jan 1970 00:00:00 GMT')
})

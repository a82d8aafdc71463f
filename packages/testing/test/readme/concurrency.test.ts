import { createZitadelAuth } from '@org/zitadel-auth'
import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { expect, it } from 'vitest'

it('asks ZITADEL once for requests that arrive together', async () => {
  await using zitadel = await startLocalZitadel()
  const { key, token } = setUpGuide(zitadel)
  const auth = createZitadelAuth({ domain: zitadel.issuer, key })

  const hold = zitadel.hold('introspection')
  const both = [auth.authenticate(`Bearer ${token}`), auth.authenticate(`Bearer ${token}`)]
  await hold.untilWaiting(1)
  hold.release()
  await Promise.all(both)

  expect(zitadel.requests.introspection).toBe(1)
})

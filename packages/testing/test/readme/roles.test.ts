import { createZitadelAuth } from '@org/zitadel-auth'
import { startLocalZitadel } from '@org/zitadel-auth-testing'
import { expect, it } from 'vitest'

it('accepts an admin', async () => {
  await using zitadel = await startLocalZitadel()
  const project = zitadel.createProject({ name: 'tasks' })
  const key = zitadel.createApplicationKey(zitadel.createApiApplication(project))
  const user = zitadel.createServiceUser({ userName: 'tasks-client' })
  zitadel.createRole(project, 'admin')
  zitadel.grantRole(user, { project, role: 'admin' })

  const auth = createZitadelAuth({ domain: zitadel.issuer, key })
  const context = await auth.authenticate(`Bearer ${zitadel.createPersonalAccessToken(user)}`)

  expect(context.isGrantedRole('admin')).toBe(true)
})

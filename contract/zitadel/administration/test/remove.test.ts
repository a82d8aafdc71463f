import { describe, expect, it } from 'vitest'
import { openRecorded } from './recorded.js'

const inProjects = 'POST /zitadel.project.v2.ProjectService'

describe('what was made', () => {
  it('is in the journal before ZITADEL is asked for it, so that it can be removed after a failure too', async () => {
    const { zitadel, creations, received } = await openRecorded({ 'POST /v2/users/new': { status: 500 } })
    await expect(zitadel.createServiceAccount('jwt')).rejects.toThrow('CreateUser')
    expect(creations).toEqual([{ kind: 'user', id: Object(received[0]?.body).userId }])
  })

  it('is removed, newest first', async () => {
    const { zitadel, received, creations } = await openRecorded({
      [`${inProjects}/*`]: {},
      'POST /v2/users/new': { body: { id: 'as asked' } },
      'DELETE /v2/users/*': {},
    })
    const { id: projectId } = await zitadel.createProject()
    const { id: userId } = await zitadel.createServiceAccount('jwt')
    received.splice(0)
    await zitadel.removeAll()
    expect(creations).toEqual([
      { kind: 'project', id: projectId },
      { kind: 'user', id: userId },
    ])
    expect(received.map(({ request, body }) => [request, body])).toEqual([
      [`DELETE /v2/users/${userId}`, undefined],
      [`${inProjects}/DeleteProject`, { projectId }],
    ])
  })

  it('is removed as far as it goes, and what was not is told', async () => {
    const { zitadel, received } = await openRecorded({
      [`${inProjects}/CreateProject`]: {},
      [`${inProjects}/DeleteProject`]: { status: 404, body: { code: 'not_found', message: 'gone' } },
      'POST /v2/users/new': { body: { id: 'as asked' } },
      'DELETE /v2/users/*': { status: 403, body: { code: 7, message: 'No matching permissions found (AUTH-5mWD2)' } },
    })
    await zitadel.createProject()
    await zitadel.createServiceAccount('jwt')
    received.splice(0)
    await expect(zitadel.removeAll()).rejects.toThrow(
      /^CallError: DeleteUser \(DELETE \/v2\/users\/9\d{17}\) failed: 403 No matching permissions found \(AUTH-5mWD2\)$/,
    )
    expect(received).toHaveLength(2)
  })
})

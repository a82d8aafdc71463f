import { describe, expect, it } from 'vitest'
import { openRealZitadel } from '../src/open.js'
import { openRecorded } from './recorded.js'
import { type Answer, startRecorder } from './recorder.js'

const inProjects = 'POST /zitadel.project.v2.ProjectService'

describe('a request that fails says which it was, with the status and the message of ZITADEL, and not the token:', () => {
  it.each<[string, Answer, string]>([
    ['by Connect', { status: 403, body: { code: 'permission_denied', message: 'No (AUTH-1)' } }, '403 No (AUTH-1)'],
    ['by REST', { status: 400, body: { code: 3, message: 'Invalid', details: [] } }, '400 Invalid'],
    ['by a proxy', { status: 502, body: '<html>' }, '502'],
    ['by an answer that is no object', { status: 500, body: 'null' }, '500'],
    ['by a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'no answer (TypeError)'],
  ])('%s', async (_, answer, said) => {
    const request = `${inProjects}/AddProjectRole`
    const { zitadel } = await openRecorded({ [request]: answer })
    const error = await zitadel.createRole({ id: 'p1' }, 'admin').catch((thrown: unknown) => thrown)
    expect(String(error)).toBe(`CallError: AddProjectRole (${request}) failed: ${said}`)
    expect(JSON.stringify(error)).not.toContain('the-token')
  })

  it('by no ZITADEL at all', async () => {
    const { origin } = await startRecorder({})
    const closed = origin.replace(/\d+$/, '1')
    const journal = { add: () => {}, read: () => [] }
    const opened = openRealZitadel({ domain: closed, adminToken: 'the-token', journal })
    await expect(opened).rejects.toThrow(/^userinfo \(GET \/oidc\/v1\/userinfo\) failed: no answer \(\w+\)$/)
  })

  it('by an answer without what was asked for', async () => {
    const { zitadel } = await openRecorded({ 'POST /v2/users/u1/pats': { body: { tokenId: 't1' } } })
    await expect(zitadel.createPersonalAccessToken({ id: 'u1' })).rejects.toThrow(`ZITADEL's answer has no "token"`)
  })
})

import { expect, it } from 'vitest'
import { openRecorded } from './recorded.js'
import type { Answer, Received } from './recorder.js'

const login: Readonly<Record<string, Answer>> = {
  'POST /v2/users/new': { body: { id: 'as asked' } },
  'POST /v2/sessions': { body: { sessionId: 's1', sessionToken: 'st' } },
  'POST /zitadel.application.v2.ApplicationService/CreateApplication': {
    body: { oidcConfiguration: { clientId: 'web-1' } },
  },
  'GET /oauth/v2/authorize': { status: 302, headers: { location: '/ui/v2/login/login?authRequest=V2_1' } },
  'POST /v2/oidc/auth_requests/V2_1': { body: { callbackUrl: 'http://localhost:8089/signed-in?code=the-code' } },
  'POST /oauth/v2/token': { body: { access_token: 'the-access-token' } },
}

it('logs a person in as login pages do, with the administrator as the one who shows them', async () => {
  const { zitadel, received } = await openRecorded(login)
  const person = await zitadel.createPerson()
  expect(await zitadel.logIn(person, { id: 'p1' }, 'jwt')).toBe('the-access-token')

  const [created, session, web, authorize, callback, token] = received as readonly Received[]
  expect(created?.request).toBe('POST /v2/users/new')
  expect(session).toMatchObject({ request: 'POST /v2/sessions', body: { checks: { user: { userId: person.id } } } })
  expect(web?.body).toMatchObject({ oidcConfiguration: { accessTokenType: 'OIDC_TOKEN_TYPE_JWT' } })
  expect(authorize?.request).toMatch(/^GET \/oauth\/v2\/authorize\?client_id=web-1&.*code_challenge_method=S256$/)
  expect(authorize?.authorization).toBeUndefined()
  expect(callback?.body).toEqual({ session: { sessionId: 's1', sessionToken: 'st' } })
  expect(token).toMatchObject({ authorization: undefined, body: { code: 'the-code', client_id: 'web-1' } })
})

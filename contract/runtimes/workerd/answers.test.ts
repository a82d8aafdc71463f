import { expect, it } from 'vitest'
import { ask } from '../../src/ask.js'
import { issueJwt, startGuide } from '../zitadel.js'
import { startWorker } from './start-worker.js'

it('lets a good token pass, by an application key', async () => {
  const { zitadel, key, user, token } = await startGuide()
  const { url } = await startWorker({ domain: zitadel.issuer, key })
  const { status, body } = await ask(url, { authorization: `Bearer ${token}` })
  expect([status, JSON.parse(body)]).toEqual([200, { userId: user.id }])
})

it('lets a good token pass, by client id and secret', async () => {
  const { zitadel, project, token } = await startGuide()
  const { clientId, clientSecret } = zitadel.createApiApplication(project, { authMethod: 'basic' })
  const { status } = await startWorker({ domain: zitadel.issuer, clientId, clientSecret })
  expect(await status(token)).toBe(200)
})

it('refuses a request without a token, and one with a bad one, as everywhere', async () => {
  const { zitadel, key } = await startGuide()
  const { url } = await startWorker({ domain: zitadel.issuer, key })
  expect(await ask(url)).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' },
    body: 'unauthorized: authorization header is empty\n',
  })
  expect(await ask(url, { authorization: 'Bearer of-nobody' })).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
})

it('refuses an unmet requirement until the role is granted, and not a request longer', async () => {
  const { zitadel, key, project, user, token } = await startGuide()
  const { status } = await startWorker({ domain: zitadel.issuer, key })
  expect(await status(token, '/?role=admin')).toBe(403)
  zitadel.grantRole(user, { project, role: 'admin' })
  expect(await status(token, '/?role=admin')).toBe(200)
})

it('answers with 503 while ZITADEL is down, and knows the tokens of before', async () => {
  const guide = await startGuide()
  const { zitadel, key, user, token } = guide
  const { url, status } = await startWorker({ domain: zitadel.issuer, key })
  expect(await status(token)).toBe(200)
  const another = zitadel.createPersonalAccessToken(user)
  await zitadel.pause()
  expect(await ask(url, { authorization: `Bearer ${another}` })).toMatchObject({
    status: 503,
    body: 'service unavailable: the token cannot be verified right now\n',
  })
  expect(await status(token)).toBe(200)
})

for (const [what, cache, asked, afterwards] of [
  ['once about a token that it remembers', undefined, 1, 200],
  ['about every request with the cache off, and refuses a revoked token', false, 3, 401],
] as const) {
  it(`asks ZITADEL ${what}`, async () => {
    const { zitadel, key, token } = await startGuide()
    const { status } = await startWorker({ domain: zitadel.issuer, key, cache })
    expect([await status(token), await status(token)]).toEqual([200, 200])
    zitadel.removePersonalAccessToken(token)
    expect(await status(token)).toBe(afterwards)
    expect(zitadel.requests).toMatchObject({ discovery: 1, introspection: asked })
  })
}

for (const [verification, ofOthers, asked] of [
  ['jwt', 401, 0],
  ['auto', 200, 1],
] as const) {
  it(`takes a JWT by its signature, and answers an opaque token with ${ofOthers} as ${verification} does`, async () => {
    const guide = await startGuide()
    const { zitadel, key, project, token } = guide
    const { status } = await startWorker({ domain: zitadel.issuer, key, projectId: project.id, verification })
    expect([await status(issueJwt(guide)), await status(token)]).toEqual([200, ofOthers])
    expect(zitadel.requests).toMatchObject({ discovery: 1, keys: 1, introspection: asked })
  })
}

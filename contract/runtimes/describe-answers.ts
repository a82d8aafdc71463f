import { expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { askRaw } from '../src/ask-raw.js'
import { type Guide, startGuide } from './zitadel.js'

/** Starts an application with the options of its ZitadelAuth until the end of the test, and gives its address. */
export type StartApplication = (options: object) => Promise<{ readonly url: string }>

const ways = { 'a handler': '', Hono: '/hono' }

/** Describes what {@link createRoutes} of routes.mjs answers on a runtime. */
export function describeAnswers(start: StartApplication): void {
  async function setUp(): Promise<Guide & { url: string; bearer: { authorization: string } }> {
    const guide = await startGuide()
    const { url } = await start({ domain: guide.zitadel.issuer, key: guide.key })
    return { ...guide, url, bearer: { authorization: `Bearer ${guide.token}` } }
  }

  for (const [way, path] of Object.entries(ways)) {
    it(`lets a good token pass to ${way}`, async () => {
      const { url, bearer, user } = await setUp()
      const { status, body } = await ask(`${url}${path}`, bearer)
      expect([status, JSON.parse(body)]).toEqual([200, { userId: user.id }])
    })

    it(`refuses a request without a token, and one with a bad one, before ${way}`, async () => {
      const { url } = await setUp()
      expect(await ask(`${url}${path}`)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store', 'content-length': '44' },
        body: 'unauthorized: authorization header is empty\n',
      })
      expect(await ask(`${url}${path}`, { authorization: 'Bearer nobody-issued-this' })).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      })
    })

    it(`answers HEAD without a body, before ${way}`, async () => {
      const { url } = await setUp()
      const { status, headers, body } = await ask(`${url}${path}`, { method: 'HEAD' })
      expect([status, headers['www-authenticate'], body]).toEqual([401, 'Bearer', ''])
    })

    it(`refuses two headers, and odd bytes in one, before ${way}`, async () => {
      const { url, bearer } = await setUp()
      await ask(`${url}${path}`, bearer)
      const { status } = await ask(`${url}${path}`, { authorization: [bearer.authorization, bearer.authorization] })
      const odd = await askRaw(`${url}${path}`, `${bearer.authorization}é`)
      expect([status, odd.status]).toEqual([400, 400])
    })

    it(`refuses an unmet requirement before ${way} until the role is granted, and not a request longer`, async () => {
      const { url, bearer, zitadel, user, project } = await setUp()
      expect(await ask(`${url}${path}/admin`, bearer)).toMatchObject({
        status: 403,
        body: 'permission denied: missing required role: `admin`\n',
      })
      zitadel.grantRole(user, { project, role: 'admin' })
      expect((await ask(`${url}${path}/admin`, bearer)).status).toBe(200)
    })

    it(`answers with 503 before ${way} while ZITADEL is down`, async () => {
      const { url, bearer, zitadel } = await setUp()
      await zitadel.pause()
      expect(await ask(`${url}${path}`, bearer)).toMatchObject({
        status: 503,
        headers: { 'retry-after': '5' },
        body: 'service unavailable: the token cannot be verified right now\n',
      })
    })
  }

  it('keeps the headers of CORS on a refusal of Hono', async () => {
    const { url } = await setUp()
    const origin = 'https://app.example'
    const { status, headers } = await ask(`${url}/hono`, { headers: { origin } })
    expect([status, headers['access-control-allow-origin']]).toEqual([401, origin])
  })
}

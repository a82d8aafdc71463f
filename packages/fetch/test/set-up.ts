import { createZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { onTestFinished } from 'vitest'

const logger = { warn() {}, error() {} }

/** A local ZITADEL with the guide's set-up and a role `admin` that nobody has, until the end of the test. */
export async function setUp(options?: Partial<ZitadelAuthOptions>) {
  const zitadel = await startLocalZitadel()
  onTestFinished(zitadel.close)
  const guide = setUpGuide(zitadel)
  zitadel.createRole(guide.project, 'admin')
  const auth = createZitadelAuth({ domain: zitadel.issuer, key: guide.key, logger, ...options } as ZitadelAuthOptions)
  return { zitadel, ...guide, auth }
}

/** A request, with a token or without. */
export function ask(token?: string, init: RequestInit = {}): Request {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return new Request('https://api.example/tasks', { headers, ...init })
}

/** What came back, with its text. */
export async function read(response: unknown) {
  const { status, headers } = response as Response
  return { status, headers: Object.fromEntries(headers), body: await (response as Response).text() }
}

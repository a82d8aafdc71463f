import { createZitadelAuth, type ZitadelAuthOptions } from '@org/zitadel-auth'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readQuotedReasons } from '../src/guides.js'

let zitadel: LocalZitadel
let stranger: LocalZitadel
let guide: GuideSetUp
beforeAll(async () => {
  zitadel = await startLocalZitadel()
  stranger = await startLocalZitadel()
  guide = setUpGuide(zitadel)
  zitadel.createRole(guide.project, 'admin')
  zitadel.grantRole(guide.user, { project: guide.project, role: 'admin' })
})
afterEach(() => zitadel.recover())
afterAll(async () => {
  await zitadel.close()
  await stranger.close()
})

const json = { 'content-type': 'application/json' }
const answering = (body: object) => ({ status: 200, headers: json, body: JSON.stringify(body) })
/** By another name of this machine, which is another host to ZITADEL. */
const otherName = (): string => zitadel.issuer.replace('127.0.0.1', 'localhost')

/** One request, or a call of `ready`, and the reason that it fails for. */
interface Case {
  readonly what: string
  readonly options?: () => object
  readonly before?: () => unknown
  readonly token?: () => string
  readonly requirement?: object
  readonly isReady?: true
  readonly says: RegExp
}

const jwt =
  (options: object = {}) =>
  () =>
    zitadel.issueAccessToken(guide.user, { type: 'jwt', audience: [guide.project.id], ...options })
const skewed = (seconds: number) => () => ({ clock: { now: () => Date.now() + seconds * 1_000 } })

const cases: readonly Case[] = [
  {
    what: 'a domain that ZITADEL does not know',
    options: () => ({ domain: otherName() }),
    says: /^ZITADEL knows no instance by the name localhost:\d+, and calls itself 127\.0\.0\.1 \(asked at http:\/\/localhost:\d+\)/,
  },
  {
    what: 'a domain that ZITADEL does not know, at an internal address',
    options: () => ({ domain: 'https://auth.example.com', internalUrl: zitadel.issuer }),
    says: /^ZITADEL knows no instance by the name auth\.example\.com, and calls itself 127\.0\.0\.1 \(asked at http:\/\/127\.0\.0\.1:\d+\)/,
  },
  {
    what: 'an internal address that is no ZITADEL',
    options: () => ({ domain: 'https://auth.example.com', internalUrl: zitadel.issuer }),
    before: () => zitadel.fail('discovery', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }),
    says: /^http:\/\/127\.0\.0\.1:\d+ is not a ZITADEL: .*: check the configured domain and internalUrl$/,
  },
  {
    what: 'another issuer',
    before: () => zitadel.fail('discovery', answering({ issuer: 'https://auth.example.com' })),
    says: /calls itself by another issuer, https:\/\/auth\.example\.com, than http:\/\/127\.0\.0\.1/,
  },
  {
    what: 'an answer without an audience',
    before: () => zitadel.fail('introspection', answering({ active: true, sub: 'ann' })),
    says: /^the claim "aud" of the token is missing$/,
  },
  {
    what: 'a dead key',
    options: () => ({ key: stillborn() }),
    says: /unauthorized_client: .* The application key may be expired, deleted or of another instance/,
  },
  {
    what: 'a key that another server than ZITADEL refuses by invalid_client',
    before: () => zitadel.fail('introspection', { ...answering({ error: 'invalid_client' }), status: 400 }),
    says: /invalid_client: .* The application key may be expired, deleted or of another instance/,
  },
  {
    what: 'a dead key, when the API starts',
    options: () => ({ key: stillborn() }),
    isReady: true,
    says: /unauthorized_client: .* The application key may be expired, deleted or of another instance/,
  },
  {
    what: 'a wrong secret',
    options: () => {
      const { clientId } = zitadel.createApiApplication(guide.project, { authMethod: 'basic' })
      return { key: undefined, clientId, clientSecret: 'wrong' }
    },
    says: /unauthorized_client: .* The client secret may be wrong or replaced/,
  },
  {
    what: 'a clock that is ahead',
    options: skewed(60),
    says: /unauthorized_client: .* The clock of this machine is (59|60|61) s ahead of that of ZITADEL/,
  },
  {
    what: 'a clock that is behind',
    options: skewed(-660),
    says: /unauthorized_client: .* The clock of this machine is 6(59|60) s behind that of ZITADEL/,
  },
  {
    what: 'an ID token',
    token: () => zitadel.issueIdToken(guide.user),
    says: /^ZITADEL says that the token is not active: by its payload, which is not verified, it is an ID token, and no access token$/,
  },
  {
    what: 'an ID token in auto',
    options: () => ({ verification: 'auto', projectId: guide.project.id }),
    token: () => zitadel.issueIdToken(guide.user),
    says: /^the token is an ID token: the client must send its access token$/,
  },
  {
    what: 'a logout token',
    token: () => zitadel.issueLogoutToken(guide.user),
    says: /not active: by its payload, which is not verified, it is a logout token, and no access token$/,
  },
  {
    what: 'a JWT that has expired',
    token: jwt({ expiresInSeconds: -1 }),
    says: /not active: by its payload, which is not verified, it has expired$/,
  },
  {
    what: 'a JWT for another API',
    options: () => ({ projectId: guide.project.id }),
    token: jwt({ audience: ['another-project'] }),
    says: /not active: by its payload, which is not verified, its audience holds neither this API's client id nor its project id$/,
  },
  {
    what: 'a JWT of another ZITADEL',
    token: () => {
      const { user, project } = setUpGuide(stranger)
      return stranger.issueAccessToken(user, { type: 'jwt', audience: [project.id] })
    },
    says: /not active: by its payload, which is not verified, it is from another issuer than the configured domain$/,
  },
  {
    what: 'an opaque token that nobody knows',
    token: () => 'nobody-issued-this',
    says: /not active: it is expired, revoked or unknown, or was requested without the scope/,
  },
  {
    what: 'a role in another project, which introspection never names',
    requirement: { role: 'admin', inProject: 'another-project' },
    says: /the roles in the API's own project alone: for others use verification: 'auto'/,
  },
]

/** A key that ZITADEL does not have any more. */
function stillborn() {
  const key = zitadel.createApplicationKey(guide.application)
  zitadel.removeApplicationKey(key)
  return key
}

const quoted = readQuotedReasons()

/** The first words of each row of the page that a reader finds with these words before them. */
function findRows(words: string): readonly string[] {
  const isQuoted = (phrases: readonly string[]): boolean => {
    const ends = phrases.reduce((from, phrase) => {
      const start = from < 0 ? -1 : words.indexOf(phrase, from)
      return start < 0 ? -1 : start + phrase.length
    }, 0)
    return ends > 0
  }
  return quoted.filter(isQuoted).map(([first = '']) => first)
}

async function refuse({ options, token = () => guide.token, requirement, isReady }: Case) {
  const logger = { warn() {}, error() {} }
  const all = { domain: zitadel.issuer, key: guide.key, logger, ...options?.() } as ZitadelAuthOptions
  const auth = createZitadelAuth(all)
  const given = requirement === undefined ? ([] as const) : ([requirement] as const)
  const request = isReady === true ? auth.ready() : auth.authenticate(`Bearer ${token()}`, ...given)
  return request.then(
    () => ({ reason: '', message: '' }),
    ({ reason, message }) => ({ reason, message }),
  )
}

describe('a reader of the page on troubleshooting', () => {
  it.each(cases)('finds $what by the words that there are for it', async (one) => {
    one.before?.()
    const { reason, message } = await refuse(one)
    expect(reason).toMatch(one.says)
    expect(findRows(reason)).not.toEqual([])
    // The client reads none of it.
    expect(message).not.toMatch(/ZITADEL|auth\.example|127\.0\.0\.1|clock|payload/)
  })

  it('finds in the log what nobody can meet, and what the last of many inactive tokens shows', async () => {
    const idToken = zitadel.issueIdToken(guide.user)
    const logged: string[] = []
    const logger = { warn: (line: string) => void logged.push(line), error: (line: string) => void logged.push(line) }
    const auth = createZitadelAuth({ domain: zitadel.issuer, key: guide.key, logger, cache: false })
    const ask = (token: string, requirement: object = { role: 'admin' }) =>
      auth.authenticate(`Bearer ${token}`, requirement).catch(() => undefined)
    for (let n = 0; n < 5; n += 1) await ask(idToken)
    await ask(guide.token, { role: 'admin', inProject: 'another-project' })
    expect(logged).toEqual([
      expect.stringMatching(/hint: no token has been active since the start.*it is an ID token, and no access token$/),
      expect.stringMatching(/hint: missing required role: `admin`: .* own project alone/),
    ])
    expect(logged.map((line) => findRows(line).length > 0)).toEqual([true, true])
  })

  it('finds nothing for words that nobody has written down', () => expect(findRows('some other words')).toEqual([]))
})

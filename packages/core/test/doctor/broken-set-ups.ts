import { type Clock, systemClock } from '../../src/internal/clock.js'
import type { World } from './world.js'

/** How the doctor is called on a set-up that was broken on purpose. */
interface Call {
  readonly args: readonly string[]
  readonly token?: string
  readonly clock?: Clock
}

/** A set-up with one mistake, and what the doctor must say of it. */
export interface BrokenSetUp {
  readonly name: string
  readonly breakIt: (world: World) => Call | Promise<Call>
  /** The first step that fails. */
  readonly step: string
  /** What it says, detail and advice. */
  readonly says: (world: World) => readonly string[]
  readonly isInferred?: boolean
}

const ahead: Clock = { ...systemClock, now: () => Date.now() + 20_000 }

const behind: Clock = { ...systemClock, now: () => Date.now() - 120_000 }

const hour = 3_600
const audienceOf = ({ project }: World): string => `urn:zitadel:iam:org:project:id:${project.id}:aud`

/** The mistakes that users of ZITADEL make, from the network inwards. */
export const brokenSetUps: readonly BrokenSetUp[] = [
  {
    name: 'a name that does not resolve',
    breakIt: ({ args }) => ({ args: args({ domain: 'zitadel.invalid' }) }),
    step: 'name, TLS, discovery',
    says: () => ['the host zitadel.invalid does not resolve', '--domain', 'nslookup zitadel.invalid'],
  },
  {
    name: 'a port at which nobody listens',
    breakIt: async ({ args, findFreePort }) => ({ args: args({ domain: `http://127.0.0.1:${await findFreePort()}` }) }),
    step: 'name, TLS, discovery',
    says: () => ['cannot be reached (ECONNREFUSED)', 'Nothing listens there'],
  },
  {
    name: 'https to a ZITADEL without TLS',
    breakIt: ({ args, zitadel }) => ({ args: args({ domain: zitadel.issuer.replace('http:', 'https:') }) }),
    step: 'name, TLS, discovery',
    says: ({ zitadel }) => ['does not speak https', `write ${zitadel.issuer}`],
  },
  {
    name: 'a certificate that nobody trusts',
    breakIt: async ({ args, serveTls }) => ({ args: args({ domain: `localhost:${await serveTls()}` }) }),
    step: 'name, TLS, discovery',
    says: () => ['cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)', 'export NODE_EXTRA_CA_CERTS='],
  },
  {
    name: 'a name that no instance has',
    breakIt: ({ args, zitadel }) => ({ args: args({ domain: zitadel.issuer.replace('127.0.0.1', 'localhost') }) }),
    step: 'name, TLS, discovery',
    says: () => ['knows no instance by the name localhost', 'calls itself 127.0.0.1'],
  },
  {
    name: 'an internal address in the place of the domain',
    breakIt: async ({ args, zitadel, serve }) => {
      const inside = await serve(async (_request, response) => {
        const answer = await fetch(`${zitadel.issuer}/.well-known/openid-configuration`)
        response.writeHead(200, { 'content-type': 'application/json' }).end(await answer.text())
      })
      return { args: args({ domain: `http://127.0.0.1:${inside}` }) }
    },
    step: 'name, TLS, discovery',
    says: ({ zitadel }) => [`calls itself by another issuer, ${zitadel.issuer}, than`],
  },
  {
    name: 'a login page in the place of ZITADEL',
    breakIt: async ({ args, serve }) => {
      const port = await serve((_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in</h1>'),
      )
      return { args: args({ domain: `http://127.0.0.1:${port}` }) }
    },
    step: 'name, TLS, discovery',
    says: () => ['is not a ZITADEL', 'check the configured domain'],
  },
  {
    name: 'plain http to another machine',
    breakIt: ({ args }) => ({ args: args({ 'internal-url': 'http://zitadel:8080' }) }),
    step: 'name, TLS, discovery',
    says: () => ['the --internal-url is plain http to a host that is not this machine'],
  },
  {
    name: 'a ZITADEL without its database',
    breakIt({ args, zitadel }) {
      zitadel.fail('all', 'database-down')
      return { args: args() }
    },
    step: 'name, TLS, discovery',
    says: () => ['ZITADEL answered with status 500', 'its database'],
  },
  {
    name: 'a ZITADEL without its database behind its cache',
    breakIt({ args, zitadel, token }) {
      zitadel.fail('all', 'database-down-behind-cache')
      return { args: args({ token: '-' }), token }
    },
    step: 'key set',
    says: () => ['ZITADEL answered with status 500', 'it may call every token inactive'],
  },
  {
    name: 'an empty key set',
    breakIt({ args, zitadel }) {
      const body = '{"keys":[]}'
      zitadel.fail('keys', { status: 200, headers: { 'content-type': 'application/json' }, body })
      return { args: args() }
    },
    step: 'key set',
    says: () => ['the keys of ZITADEL do not read (status 200)', 'no JWT can be verified'],
  },
  {
    name: 'a clock that is 20 s ahead',
    breakIt: ({ args }) => ({ args: args(), clock: ahead }),
    step: 'clock',
    says: () => ['20 s ahead of ZITADEL', 'The clock of this machine is 2', 'set the clock'],
  },
  {
    name: 'a clock that is two minutes behind a JWT',
    breakIt: ({ args, zitadel, user, project }) => ({
      args: args({ token: '-' }),
      token: zitadel.issueAccessToken(user, { type: 'jwt', audience: [project.id] }),
      clock: behind,
    }),
    step: 'token',
    says: () => ['the token was issued in the future: compare the clocks'],
    isInferred: true,
  },
  {
    name: 'a clock that is two minutes behind an opaque token',
    breakIt: ({ args, zitadel, user, project }) => ({
      args: args({ token: '-' }),
      token: zitadel.issueAccessToken(user, { type: 'opaque', audience: [project.id] }),
      clock: behind,
    }),
    step: 'token expiry',
    says: () => ['the token is not valid yet', 'Set the clock'],
  },
  {
    name: 'the key of a service account',
    breakIt: async ({ args, zitadel, user, write }) => ({
      args: args({ key: await write('user.json', JSON.stringify(zitadel.createServiceUserKey(user))) }),
    }),
    step: 'key',
    says: () => ['belongs to a service account', 'create a new key of type JSON'],
  },
  {
    name: 'a key that was deleted',
    breakIt({ args, zitadel, key }) {
      zitadel.removeApplicationKey(key)
      return { args: args() }
    },
    step: 'introspection',
    says: () => ['status 400 and unauthorized_client', 'The application key may be expired, deleted'],
    isInferred: true,
  },
  {
    name: 'a wrong client secret',
    async breakIt({ args, zitadel, project, write }) {
      const { clientId } = zitadel.createApiApplication(project, { authMethod: 'basic' })
      const secretFile = await write('secret', 'not-the-secret\n')
      return { args: args({ key: undefined, 'client-id': clientId, 'client-secret-file': secretFile }) }
    },
    step: 'introspection',
    says: () => ['status 400 and unauthorized_client', 'The client secret may be wrong or replaced'],
    isInferred: true,
  },
  {
    name: 'an ID token in the place of the access token',
    breakIt: ({ args, zitadel, user, project }) => ({
      args: args({ token: '-' }),
      token: zitadel.issueIdToken(user, { audience: [project.id] }),
    }),
    step: 'token',
    says: () => ['the token is an ID token: the client must send its access token', 'access_token'],
    isInferred: true,
  },
  {
    name: 'a token with its scheme before it',
    breakIt: ({ args, token }) => ({ args: args({ token: '-' }), token: `Bearer ${token}` }),
    step: 'token',
    says: () => ['characters that a token cannot have, such as a scheme before it'],
  },
  {
    name: 'a JWT that has expired',
    breakIt: ({ args, zitadel, user, project }) => ({
      args: args({ token: '-' }),
      token: zitadel.issueAccessToken(user, { type: 'jwt', audience: [project.id], expiresInSeconds: -2 * hour }),
    }),
    step: 'token expiry',
    says: () => ['the token has expired', 'It expired 2 hours ago'],
  },
  {
    name: 'a JWT of another ZITADEL',
    breakIt: async ({ args, project }) => {
      const other = await startAnother(project.id)
      return { args: args({ token: '-' }), token: other }
    },
    step: 'token signature',
    says: () => ['signed with a key that ZITADEL does not publish'],
  },
  {
    name: 'a JWT without the audience of the API',
    breakIt: ({ args, zitadel, user }) => ({
      args: args({ token: '-' }),
      token: zitadel.issueAccessToken(user, { type: 'jwt', scopes: ['openid'] }),
    }),
    step: 'token audience',
    says: (world) => ["the token's audience holds neither this API's client id nor its project id", audienceOf(world)],
  },
  {
    name: 'an opaque token without the audience of the API',
    breakIt: ({ args, zitadel, user }) => ({
      args: args({ token: '-' }),
      token: zitadel.issueAccessToken(user, { type: 'opaque', scopes: ['openid'] }),
    }),
    step: 'token at ZITADEL',
    says: (world) => [
      'ZITADEL says that the token is not active',
      'neither expired nor revoked',
      `does not hold the project ${world.project.id}`,
      audienceOf(world),
      `curl --user "$CLIENT_ID" ${world.zitadel.issuer}/oauth/v2/token`,
    ],
    isInferred: true,
  },
  {
    name: 'an opaque token that was revoked',
    breakIt({ args, zitadel, user, project }) {
      const token = zitadel.issueAccessToken(user, { type: 'opaque', audience: [project.id] })
      zitadel.revokeAccessToken(token)
      return { args: args({ token: '-' }), token }
    },
    step: 'token at ZITADEL',
    says: () => ['ZITADEL says that the token is not active', 'it is expired, revoked'],
    isInferred: true,
  },
  {
    name: 'a JWT that was revoked',
    breakIt({ args, zitadel, user, project }) {
      const token = zitadel.issueAccessToken(user, { type: 'jwt', audience: [project.id] })
      zitadel.revokeAccessToken(token)
      return { args: args({ token: '-' }), token }
    },
    step: 'token at ZITADEL',
    says: () => [
      'ZITADEL says that the token is not active',
      'it is expired, revoked',
      "verification: 'jwt' accepts it",
    ],
    isInferred: true,
  },
  {
    name: 'the id of another project',
    breakIt({ args, zitadel, user, project }) {
      const other = zitadel.createProject({ name: 'other' })
      zitadel.createRole(project, 'admin')
      zitadel.grantRole(user, { project, role: 'admin' })
      return {
        args: args({ token: '-', 'project-id': other.id }),
        token: zitadel.issueAccessToken(user, { audience: [project.id, other.id] }),
      }
    },
    step: 'token roles',
    says: () => ['are of another project than the configured --project-id', 'set --project-id to the project'],
  },
]

async function startAnother(projectId: string): Promise<string> {
  const { startLocalZitadel } = await import('@org/zitadel-auth-testing')
  const other = await startLocalZitadel()
  const user = other.createServiceUser({ userName: 'stranger' })
  const token = other.issueAccessToken(user, { type: 'jwt', audience: [projectId] })
  await other.close()
  return token
}

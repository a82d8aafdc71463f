// Asks every framework for every outcome on a local ZITADEL, and gives what it answered beside what it should.
const { request } = require('node:http')
const frameworks = require('./frameworks.cjs')

const denied = 'permission denied: missing required role: `admin`'
const invalid = 'unauthorized: token is invalid or has expired'
const malformed = 'bad request: authorization header is malformed'
const unavailable = 'service unavailable: the token cannot be verified right now'

/** One row for each outcome: path, the header of the request, status, the first line of a refusal, and its challenge. */
const rows = [
  ['no header', '/token', () => undefined, 401, 'unauthorized: authorization header is empty', 'Bearer'],
  ['another scheme', '/token', () => 'Basic YTpi', 401, 'unauthorized: authorization scheme is not Bearer', 'Bearer'],
  ['two tokens', '/token', () => 'Bearer a b', 400, malformed, 'Bearer error="invalid_request"'],
  ['a repeated header', '/token', ({ user }) => [user, user], 400, malformed, 'Bearer error="invalid_request"'],
  ['an unknown token', '/token', () => 'Bearer nobody-issued-this', 401, invalid, 'Bearer error="invalid_token"'],
  ['an expired token', '/token', ({ expired }) => expired, 401, invalid, 'Bearer error="invalid_token"'],
  ['another API', '/token', ({ foreign }) => foreign, 401, invalid, 'Bearer error="invalid_token"'],
  ['an ID token', '/token', ({ idToken }) => idToken, 401, invalid, 'Bearer error="invalid_token"'],
  ['a good token', '/token', ({ user }) => user, 200],
  ['a good JWT', '/token', ({ jwt }) => jwt, 200],
  ['a missing role', '/admin', ({ user }) => user, 403, denied, 'Bearer error="insufficient_scope"'],
  ['the role', '/admin', ({ admin }) => admin, 200],
  ['the role, in a JWT', '/admin', ({ adminJwt }) => adminJwt, 200],
  ['optional, anonymous', '/optional', () => undefined, 200],
  ['optional, a good token', '/optional', ({ user }) => user, 200],
  ['optional, a bad token', '/optional', () => 'Bearer bad', 401, invalid, 'Bearer error="invalid_token"'],
  ['ZITADEL is down', '/token', ({ unseen }) => unseen, 503, unavailable],
  ['ZITADEL is back', '/token', ({ unseen }) => unseen, 200],
]

/** The client of gRPC refuses to send these. */
const notOverGrpc = ['a repeated header']

/** Something goes wrong, or is mended, before these. */
const before = {
  'ZITADEL is down': (zitadel) => zitadel.pause(),
  'ZITADEL is back': (zitadel) => zitadel.resume(),
}

/**
 * @param modules - `core`, `testing`, and under the name of each framework what its part of frameworks.cjs takes
 * @returns a list of `{ framework, outcome, expected, actual }`, the last two as one line of text
 */
exports.checkOutcomes = async ({ core, testing, ...hosts }) => {
  const results = []
  for (const [framework, modules] of Object.entries({ 'node:http': { core }, ...hosts })) {
    const world = await createWorld(core, testing)
    const api = await start(framework, modules, world.auth)
    for (const [outcome, path, toHeader, status, text = '', challenge = ''] of rows) {
      if (framework.startsWith('gRPC') && notOverGrpc.includes(outcome)) continue
      await before[outcome]?.(world.zitadel)
      const actual = await api.ask(path, toHeader(world.headers))
      results.push({ framework, outcome, expected: api.expect(status, text, challenge), actual })
    }
    await api.close()
    await world.zitadel.close()
  }
  return results
}

async function createWorld(core, testing) {
  const zitadel = await testing.startLocalZitadel()
  const { project, key, user } = testing.setUpGuide(zitadel)
  const boss = zitadel.createServiceUser({ userName: 'boss' })
  zitadel.createRole(project, 'admin')
  zitadel.grantRole(boss, { project, role: 'admin' })
  const issue = (who, options) => `Bearer ${zitadel.issueAccessToken(who, { audience: [project.id], ...options })}`
  // What ZITADEL asks for before it writes the roles of a project into a JWT of a service account.
  const scopes = ['openid', 'urn:zitadel:iam:org:projects:roles', `urn:zitadel:iam:org:project:id:${project.id}:aud`]
  const logger = { warn() {}, error() {} }
  return {
    zitadel,
    auth: core.createZitadelAuth({ domain: zitadel.issuer, key, projectId: project.id, verification: 'auto', logger }),
    headers: {
      user: `Bearer ${zitadel.createPersonalAccessToken(user)}`,
      unseen: `Bearer ${zitadel.createPersonalAccessToken(user)}`,
      admin: `Bearer ${zitadel.createPersonalAccessToken(boss)}`,
      jwt: issue(user, { type: 'jwt' }),
      adminJwt: issue(boss, { type: 'jwt', scopes, audience: undefined }),
      expired: issue(user, { expiresInSeconds: -1 }),
      foreign: issue(user, { audience: ['another-project'] }),
      idToken: `Bearer ${zitadel.issueIdToken(user, { audience: [project.id] })}`,
    },
  }
}

async function start(framework, modules, auth) {
  const { startPlain, startExpress, startFastify, startKoa, startHono, startFetch, startNest, startGrpc } = frameworks
  const [name] = framework.split(' ')
  if (name === 'gRPC') return askGrpc(modules, await startGrpc(modules, auth))
  const starters = {
    'node:http': startPlain,
    Express: startExpress,
    Fastify: startFastify,
    Koa: startKoa,
    Hono: startHono,
    Fetch: startFetch,
    NestJS: startNest,
  }
  const { url, close } = await starters[name](modules, auth)
  return {
    close,
    ask: (path, header) => askHttp(url + path, header),
    expect: (status, text, challenge) => [status, text, challenge].filter((part) => part !== '').join(' | '),
  }
}

/** `fetch` would join repeated headers. */
function askHttp(url, header) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false })
    if (header !== undefined) sent.setHeader('Authorization', header)
    sent.on('error', reject).on('response', (response) => {
      let body = ''
      response
        .setEncoding('utf8')
        .on('data', (chunk) => {
          body += chunk
        })
        .on('error', reject)
        .on('end', () => {
          const isRefusal = response.statusCode >= 400
          const parts = [response.statusCode, isRefusal ? body.trimEnd() : '', response.headers['www-authenticate']]
          resolve(parts.filter((part) => part !== '' && part !== undefined).join(' | '))
        })
    })
    sent.end()
  })
}

const grpcNames = {
  200: 'OK',
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  503: 'UNAVAILABLE',
}

function askGrpc({ grpc }, { address, close }) {
  const Client = grpc.makeGenericClientConstructor(frameworks.grpcService, 'Api')
  const client = new Client(address, grpc.credentials.createInsecure())
  return {
    async close() {
      client.close()
      await close()
    },
    expect: (status, text, challenge) => [grpcNames[status], text, challenge].filter((part) => part !== '').join(' | '),
    ask(path, header) {
      const metadata = new grpc.Metadata()
      for (const value of [header ?? []].flat()) metadata.add('authorization', value)
      const method = path[1].toUpperCase() + path.slice(2)
      return new Promise((resolve) => {
        client[method]({}, metadata, (error) => {
          if (error === null) return resolve('OK')
          const challenge = error.metadata.get('www-authenticate')
          resolve([grpc.status[error.code], error.details, ...challenge].join(' | '))
        })
      })
    },
  }
}

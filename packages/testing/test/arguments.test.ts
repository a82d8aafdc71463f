import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type LocalZitadel, type LocalZitadelOptions, startLocalZitadel } from '../src/index.js'
import { type Fixture, startFixture } from './support/fixture.js'

let fixture: Fixture
let things: ReturnType<typeof setUp>
beforeAll(async () => {
  fixture = await startFixture()
  things = setUp(fixture)
})
afterAll(() => fixture.zitadel.close())
afterEach(() => fixture.zitadel.recover())

function setUp({ zitadel, project, application, basic, key, user }: Fixture) {
  zitadel.createRole(project, 'admin')
  return {
    zitadel,
    project,
    application,
    basic,
    key,
    user,
    person: zitadel.createHumanUser({ userName: 'ann' }),
    web: zitadel.createWebApplication(project, { backChannelLogoutUri: 'http://127.0.0.1:9' }),
    group: zitadel.createUserGroup({ name: 'engineering' }),
    session: zitadel.issueAccessToken(user),
    personal: zitadel.createPersonalAccessToken(user),
  }
}

type Things = typeof things
type Call = readonly [given: (things: Things) => readonly unknown[], message: string]

const stranger = { id: 'nope', clientId: 'nope', keyId: 'nope', name: 'nope', organizationId: 'nope' }
const takes = (expected: string, member: string) => `takes ${expected} as "${member}"`
const ours = (kind: string, member: string) => takes(`${kind} of this local ZITADEL`, member)
/** Nothing, a text instead of a thing, and a thing of another instance. */
const strangersTo = (message: string): Call[] => [
  [() => [], message],
  [() => ['nope'], message],
  [() => [stranger], message],
  [() => [{ ...stranger, id: ['nope'] }], message],
]
const noOption = (name: string, known: string) => `has no option "${name}": ${known} known`

const user = strangersTo(ours('a user', 'user'))
const person: Call[] = [...strangersTo(ours('a person', 'user')), [({ user }) => [user, {}], ours('a person', 'user')]]
const serviceUser: Call[] = [
  ...strangersTo(ours('a service account', 'user')),
  [({ person }) => [person], ours('a service account', 'user')],
]
const project = strangersTo(ours('a project', 'project'))
const role: Call[] = [
  ...project,
  ...['', undefined, { key: 'admin' }, ['admin'], 1].map(
    (role): Call => [({ project }) => [project, role], takes('a text that is not empty', 'role')],
  ),
]
const expiry = (thing: 'application' | 'user'): Call[] => [
  [(all) => [all[thing], { expires: new Date() }], noOption('expires', 'expiresAt is')],
  ...['2020', 0, null, new Date('nope')].map(
    (expiresAt): Call => [(all) => [all[thing], { expiresAt }], takes('a valid Date', 'expiresAt')],
  ),
  ...[new Date(), 'never', 1, null, [], () => ({})].map(
    (options): Call => [(all) => [all[thing], options], takes('a plain object', 'options')],
  ),
]
const session = (known: string): Call[] => [
  ...user,
  [({ user }) => [user, { expiresIn: 1 }], noOption('expiresIn', known)],
  [({ user }) => [user, { scope: 'openid' }], noOption('scope', known)],
  [({ user }) => [user, { scopes: 'openid' }], takes('a list of scopes, each without spaces', 'scopes')],
  [({ user }) => [user, { scopes: ['openid profile'] }], takes('a list of scopes, each without spaces', 'scopes')],
  [({ user, project }) => [user, { audience: [project] }], takes('a list of texts', 'audience')],
  [({ user, project }) => [user, { audience: project.id }], takes('a list of texts', 'audience')],
  ...['60', Number.NaN, 0.5, Number.POSITIVE_INFINITY].map(
    (expiresInSeconds): Call => [
      ({ user }) => [user, { expiresInSeconds }],
      takes('a whole number', 'expiresInSeconds'),
    ],
  ),
  [({ user, web }) => [user, { clientId: web }], takes('a text that is not empty', 'clientId')],
  ...['ann', { id: 'nope' }].map(
    (actor): Call => [({ user }) => [user, { actor }], takes('a user, or { id, actor } of one', 'actor')],
  ),
  [
    ({ user, person }) => [user, { actor: { id: user.id, acter: person } }],
    takes('a user, or { id, actor } of one', 'actor'),
  ],
  [
    ({ user, person }) => [user, { actor: { ...person, id: user.id, actor: stranger } }],
    takes('a user, or { id, actor } of one', 'actor'),
  ],
  [({ user }) => [user, { authenticationMethods: 'pwd' }], takes('a list of texts', 'authenticationMethods')],
  [({ user }) => [user, { issuer: '127.0.0.1' }], takes('an http or https URL', 'issuer')],
  [({ user }) => [user, { claims: [] }], takes('a plain object', 'claims')],
]
const choice: Call[] = [
  ...user,
  [
    ({ user, project }) => [user, { project, role: 'admin', organisationId: '1' }],
    noOption('organisationId', 'project, role, roles and organizationId are'),
  ],
  [
    ({ user, project }) => [user, { project, rol: 'admin' }],
    noOption('rol', 'project, role, roles and organizationId are'),
  ],
  [({ user, project }) => [user, { project }], takes('either role or roles', 'options')],
  [
    ({ user, project }) => [user, { project, role: 'admin', roles: ['admin'] }],
    takes('either role or roles', 'options'),
  ],
  [({ user, project }) => [user, { project, roles: 'admin' }], takes('a list of texts', 'roles')],
  [({ user }) => [user, { project: stranger, role: 'admin' }], ours('a project', 'project')],
  [({ user }) => [user, { role: 'admin' }], ours('a project', 'project')],
  [
    ({ user, project, zitadel }) => [user, { project, role: 'admin', organizationId: zitadel.organization }],
    ours('the id of an organization', 'organizationId'),
  ],
]
const knownEvents = takes('events that concern access, or groups of them like user.grant.*, in a list', 'events')
const endpoints = 'discovery, keys, introspection, token, revocation, userinfo, management or all'
const faults = 'database-down, database-down-behind-cache, instance-blocked, hang, hang-in-body, reset or cut-off'
const text = 'a text that is not empty'
const userOptions = 'userName, loginName, name, organizationId'
const sessionOptions = 'scopes, audience, expiresInSeconds, clientId, actor, authenticationMethods, issuer, claims'

/** What each function refuses. */
const refused: Readonly<Record<string, readonly Call[]>> = {
  addCustomDomain: [[() => [1], takes('the name of a host', 'hostname')]],
  createOrganization: [
    [() => [], takes('a plain object', 'options')],
    [() => [{ nam: 'acme' }], noOption('nam', 'name and primaryDomain are')],
    [() => [{}], takes(text, 'name')],
    [() => [{ name: 'acme', primaryDomain: {} }], takes(text, 'primaryDomain')],
  ],
  deactivateOrganization: strangersTo(ours('an organization', 'organization')),
  reactivateOrganization: strangersTo(ours('an organization', 'organization')),
  createProject: [
    [() => [{ nam: 'tasks' }], noOption('nam', 'name, organizationId and roleAssertion are')],
    [() => ['tasks'], takes('a plain object', 'options')],
    [() => [{ name: '' }], takes(text, 'name')],
    [() => [{ name: 'tasks', roleAssertion: 'no' }], takes('true or false', 'roleAssertion')],
    [() => [{ name: 'tasks', organizationId: '1' }], ours('the id of an organization', 'organizationId')],
  ],
  createRole: role,
  removeRole: role,
  deactivateProject: project,
  reactivateProject: project,
  createApiApplication: [
    ...project,
    [({ project }) => [project, { auth: 'basic' }], noOption('auth', 'name and authMethod are')],
    [({ project }) => [project, { authMethod: 'jwt' }], takes('private_key_jwt or basic', 'authMethod')],
    [({ project }) => [project, { name: 1 }], takes(text, 'name')],
  ],
  createWebApplication: [
    ...project,
    [
      ({ project }) => [project, { backchannelLogoutUri: 'http://127.0.0.1' }],
      noOption(
        'backchannelLogoutUri',
        'name, authMethod, accessTokenRoleAssertion, idTokenUserinfoAssertion, backChannelLogoutUri and tokenExchange are',
      ),
    ],
    [({ project }) => [project, { authMethod: 'private_key_jwt' }], takes('none or basic', 'authMethod')],
    [({ project }) => [project, { accessTokenRoleAssertion: 1 }], takes('true or false', 'accessTokenRoleAssertion')],
    [
      ({ project }) => [project, { idTokenUserinfoAssertion: 'yes' }],
      takes('true or false', 'idTokenUserinfoAssertion'),
    ],
    ...['', '/logout', 'ftp://127.0.0.1'].map(
      (backChannelLogoutUri): Call => [
        ({ project }) => [project, { backChannelLogoutUri }],
        takes('an http or https URL', 'backChannelLogoutUri'),
      ],
    ),
  ],
  createApplicationKey: [
    ...strangersTo(ours('a private_key_jwt application', 'application')),
    [({ basic }) => [basic], ours('a private_key_jwt application', 'application')],
    ...expiry('application'),
  ],
  removeApplicationKey: strangersTo(ours('a key', 'key')),
  deactivateApplication: strangersTo(ours('an application', 'application')),
  reactivateApplication: strangersTo(ours('an application', 'application')),
  createServiceUser: [
    [() => [{ username: 'a' }], noOption('username', `${userOptions} and accessTokenType are`)],
    [() => [{ userName: 'a', accessTokenType: 'opaque' }], takes('bearer or jwt', 'accessTokenType')],
    [() => [{ userName: 'a', organizationId: '1' }], ours('the id of an organization', 'organizationId')],
    [() => [{ userName: 'a', loginName: 1 }], takes(text, 'loginName')],
  ],
  createHumanUser: [
    [
      () => [{ userName: 'a', mail: 'a@b.c' }],
      noOption(
        'mail',
        `${userOptions}, givenName, familyName, nickName, gender, locale, email, emailVerified, phone and phoneVerified are`,
      ),
    ],
    [() => [{ userName: 'a', emailVerified: 'true' }], takes('true or false', 'emailVerified')],
    [() => [{ userName: 'a', phoneVerified: 1 }], takes('true or false', 'phoneVerified')],
    [() => [{ userName: 'a', gender: 'm' }], takes('female, male or diverse', 'gender')],
    ...['givenName', 'familyName', 'nickName', 'locale', 'email', 'phone'].map(
      (member): Call => [() => [{ userName: 'a', [member]: 1 }], takes(text, member)],
    ),
  ],
  setMetadata: [
    ...user,
    ...[undefined, { plan: 1 }, 'plan', new Map()].map(
      (metadata): Call => [({ user }) => [user, metadata], takes('an object of texts', 'metadata')],
    ),
  ],
  deactivateUser: user,
  reactivateUser: user,
  lockUser: user,
  unlockUser: user,
  removeUser: user,
  createUserGroup: [
    [() => [{ nam: 'a' }], noOption('nam', 'name and organizationId are')],
    [() => [{ name: 'a', organizationId: '1' }], ours('the id of an organization', 'organizationId')],
  ],
  addToUserGroup: [...user, [({ user }) => [user, stranger], ours('a group', 'group')]],
  removeFromUserGroup: [...user, [({ user }) => [user, stranger], ours('a group', 'group')]],
  grantRole: choice,
  revokeRole: choice,
  createTarget: [
    [
      () => [{ endpoint: 'http://127.0.0.1', event: 'user.locked' }],
      noOption('event', 'endpoint, events and signingKey are'),
    ],
    ...['user.locked', ['user.grnt.*'], ['user.locked', 'user.lockd'], ['*'], [1]].map(
      (events): Call => [() => [{ endpoint: 'http://127.0.0.1', events }], knownEvents],
    ),
    ...[undefined, '', '/hook', '127.0.0.1', 'ftp://127.0.0.1'].map(
      (endpoint): Call => [() => [{ endpoint }], takes('an http or https URL', 'endpoint')],
    ),
    [() => [{ endpoint: 'http://127.0.0.1', signingKey: '' }], takes(text, 'signingKey')],
  ],
  removeTarget: strangersTo(ours('a target', 'target')),
  createPersonalAccessToken: [...serviceUser, ...expiry('user')],
  removePersonalAccessToken: [
    ...strangersTo(ours('a personal access token', 'token')),
    [({ session }) => [session], ours('a personal access token', 'token')],
  ],
  createServiceUserKey: [...serviceUser, ...expiry('user')],
  createServiceUserSecret: serviceUser,
  issueAccessToken: [
    ...session(`${sessionOptions} and type are`),
    [({ user }) => [user, { type: 'JWT' }], takes('opaque or jwt', 'type')],
  ],
  issueIdToken: [
    ...session(`${sessionOptions}, nonce and accessToken are`),
    [({ user }) => [user, { nonce: 1 }], takes(text, 'nonce')],
    [({ user }) => [user, { accessToken: {} }], takes(text, 'accessToken')],
  ],
  issueLogoutToken: [
    ...user,
    [({ user }) => [user, { sid: '1' }], noOption('sid', 'sessionId, issuer and clientId are')],
    [({ user, web }) => [user, { clientId: web }], takes(text, 'clientId')],
    [({ user }) => [user, { sessionId: 1 }], takes(text, 'sessionId')],
    [({ user }) => [user, { issuer: 1 }], takes('an http or https URL', 'issuer')],
  ],
  revokeAccessToken: [
    ...strangersTo(ours('an access token of a session', 'token')),
    [({ personal }) => [personal], ours('an access token of a session', 'token')],
  ],
  rotateKeys: [
    [() => [{ alg: 'ES256' }], noOption('alg', 'algorithm is')],
    [() => ['ES256'], takes('a plain object', 'options')],
    [() => [{ algorithm: 'HS256' }], takes('RS256, RS384, RS512, ES256, ES384, ES512 or EdDSA', 'algorithm')],
  ],
  deleteKey: strangersTo(ours('the id of a web key', 'keyId')),
  endSession: [
    ...person,
    [({ person }) => [person, { sid: '1' }], noOption('sid', 'sessionId is')],
    [({ person }) => [person, { sessionId: 1 }], takes(text, 'sessionId')],
  ],
  sendLogoutToken: [
    ...person,
    [({ person }) => [person], takes('a plain object', 'options')],
    [({ person, application }) => [person, { application }], ours('a web application', 'application')],
    [
      ({ person, web }) => [person, { application: web, sid: '1' }],
      noOption('sid', 'sessionId, issuer and application are'),
    ],
  ],
  sendEvent: [
    ...[undefined, '', 1].map((type): Call => [() => [type], takes(text, 'type')]),
    [
      () => ['user.locked', { aggregateID: '1' }],
      noOption('aggregateID', 'aggregateId, payload, userId and resourceOwner are'),
    ],
    [({ user }) => ['user.locked', { aggregateId: user }], takes(text, 'aggregateId')],
    [() => ['user.locked', { payload: '{}' }], takes('a plain object', 'payload')],
    [({ user }) => ['user.locked', { userId: user }], takes(text, 'userId')],
    [() => ['user.locked', { resourceOwner: 1 }], takes(text, 'resourceOwner')],
  ],
  fail: [
    ...[undefined, 'introspect', 'everything', ['keys']].map(
      (endpoint): Call => [() => [endpoint, 'hang'], takes(endpoints, 'endpoint')],
    ),
    ...[undefined, 'database-up', 'toString', 500].map(
      (fault): Call => [() => ['discovery', fault], takes(faults, 'fault')],
    ),
    [() => ['discovery', null], takes('a plain object', 'fault')],
    [() => ['discovery', { stauts: 500 }], noOption('stauts', 'status, headers and body are')],
    ...[undefined, 0, 100, 199, 600, 99_999, 200.5, '500', Number.NaN].map(
      (status): Call => [() => ['discovery', { status }], takes('a whole number from 200 to 599', 'status')],
    ),
    [() => ['discovery', { status: 500, body: {} }], takes('a text or bytes', 'body')],
    ...[[], 'a: b', { 'a b': 'c' }, { '': 'c' }, { a: 'b\r\nc: d' }, { a: 1 }, { a: undefined }, new Headers()].map(
      (headers): Call => [
        () => ['discovery', { status: 500, headers }],
        takes('an object of header names and values that HTTP allows', 'headers'),
      ],
    ),
    [() => ['discovery', 'hang', { time: 1 }], noOption('time', 'times is')],
    [() => ['discovery', 'hang', 1], takes('a plain object', 'options')],
    ...[-1, 0.5, '1', Number.POSITIVE_INFINITY, Number.NaN].map(
      (times): Call => [() => ['discovery', 'hang', { times }], takes('a whole number from 0 to 1000000', 'times')],
    ),
  ],
  hold: ['introspect', '', null, ['keys']].map((endpoint): Call => [() => [endpoint], takes(endpoints, 'endpoint')]),
  writeKeyFile: [
    ...[undefined, '{}', {}, { type: 'application' }].map(
      (key): Call => [() => [key], takes('a key as the Console downloads it', 'key')],
    ),
    [({ key }) => [key, ''], takes(text, 'path')],
    [({ key }) => [key, { path: 'api.json' }], takes(text, 'path')],
  ],
}

/** They take nothing. */
const withoutParameters = ['resetRequests', 'recover', 'pause', 'resume', 'close', 'listKeys', 'untilDelivered']

const call = async (name: string, given: readonly unknown[]) =>
  (fixture.zitadel[name as keyof LocalZitadel] as (...given: readonly unknown[]) => unknown)(...given)

it('lists what every function of a local ZITADEL refuses', () => {
  const functions = Object.entries(fixture.zitadel).filter(([, member]) => typeof member === 'function')

  expect([...Object.keys(refused), ...withoutParameters].sort()).toEqual(functions.map(([name]) => name).sort())
})

describe('options that hold nothing but defaults', () => {
  for (const [name, given] of [
    ['createPersonalAccessToken', ({ user }: Things) => [user, { expiresAt: undefined }]],
    ['createApiApplication', ({ project }: Things) => [project, Object.create(null)]],
    ['issueAccessToken', ({ user }: Things) => [{ ...user }, {}]],
    ['rotateKeys', () => []],
    ['hold', () => []],
  ] as const) {
    it(`are taken by ${name}`, async () => {
      await expect(call(name, given(things))).resolves.toBeDefined()
    })
  }
})

for (const [name, calls] of Object.entries(refused)) {
  describe(`${name} refuses`, () => {
    for (const [index, [given, message]] of calls.entries()) {
      it(`what is wrong: it ${message} (${index + 1})`, async () => {
        await expect(call(name, given(things))).rejects.toThrow(new TypeError(`${name} ${message}`))
      })
    }
  })
}

for (const name of ['sendEvent', 'sendLogoutToken', 'writeKeyFile'] as const) {
  it(`${name} refuses by its promise`, async () => {
    const promise = (fixture.zitadel[name] as () => Promise<unknown>)()

    await expect(promise).rejects.toThrow(TypeError)
  })
}

for (const count of [undefined, '1', -1, 0.5, Number.NaN]) {
  it(`untilWaiting refuses to wait for ${count} requests`, async () => {
    const hold = fixture.zitadel.hold()
    const waiting = hold.untilWaiting(count as number)
    hold.release()

    await expect(waiting).rejects.toThrow(
      new TypeError('untilWaiting takes a whole number from 0 to 9007199254740991 as "count"'),
    )
  })
}

describe('startLocalZitadel refuses', () => {
  for (const [options, message] of [
    [{ host: '0.0.0.0' }, noOption('host', 'port, now and keyFileFolder are')],
    [null, takes('a plain object', 'options')],
    [8080, takes('a plain object', 'options')],
    [{ port: '8080' }, takes('a whole number from 0 to 65535', 'port')],
    [{ port: 65_536 }, takes('a whole number from 0 to 65535', 'port')],
    [{ keyFileFolder: '' }, takes(text, 'keyFileFolder')],
    [{ now: 5 }, takes('a function', 'now')],
  ] as const) {
    it(`what is wrong: it ${message}`, async () => {
      await expect(startLocalZitadel(options as LocalZitadelOptions)).rejects.toThrow(
        new TypeError(`startLocalZitadel ${message}`),
      )
    })
  }

  for (const [name, now] of [
    ['a Date', () => new Date()],
    ['no number', () => Number.NaN],
    ['a time that no Date can have', () => Number.MAX_SAFE_INTEGER],
    ['a promise', async () => 0],
    ['nothing', () => undefined],
  ] as const) {
    const message = '"now" of startLocalZitadel gives no milliseconds since the epoch, as Date.now would'

    it(`a clock that gives ${name}`, async () => {
      await expect(startLocalZitadel({ now } as unknown as LocalZitadelOptions)).rejects.toThrow(new TypeError(message))
    })

    it(`a clock that gives ${name} later`, async () => {
      let read: () => unknown = () => 0
      await using zitadel = await startLocalZitadel({ now: () => read() as number })
      read = now

      expect(() => zitadel.createServiceUser({ userName: 'ann' })).toThrow(new TypeError(message))
    })
  }
})

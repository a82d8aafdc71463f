import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { frameworks, type Program, runTasks } from './program.js'

interface Answer {
  readonly status: number
  readonly type: string | null
  readonly length: string | null
  readonly body: string
}

async function ask(
  url: string,
  token?: string,
  init: RequestInit = {},
): Promise<Answer & { readonly headers: Headers }> {
  const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers }
  const {
    status,
    headers: answered,
    text,
  } = await fetch(url, { ...init, headers }).then(async (response) => ({
    status: response.status,
    headers: response.headers,
    text: await response.text(),
  }))
  return {
    status,
    type: answered.get('content-type'),
    length: answered.get('content-length'),
    body: text,
    headers: answered,
  }
}

const form = (task: string): RequestInit => ({ method: 'POST', body: new URLSearchParams({ task }) })

const ok = (body: string): Answer => ({ status: 200, type: 'application/json', length: String(body.length), body })
const denied: Answer = {
  status: 403,
  type: 'text/plain; charset=utf-8',
  length: '50',
  body: 'permission denied: missing required role: `admin`\n',
}

describe.each(frameworks)('the tasks API on %s', (framework) => {
  let zitadel: LocalZitadel
  let guide: GuideSetUp
  let keyFile: string
  const programs: Program[] = []

  beforeAll(async () => {
    zitadel = await startLocalZitadel()
    guide = setUpGuide(zitadel)
    keyFile = await zitadel.writeKeyFile(guide.key)
  })
  afterEach(async () => {
    zitadel.recover()
    await zitadel.resume()
    await Promise.all(programs.splice(0).map((program) => program.kill('SIGTERM')))
  })
  afterAll(() => zitadel.close())

  function run(...flags: readonly string[]): Program {
    const program = runTasks(framework, '--domain', zitadel.issuer, '--key', keyFile, '--port', '0', ...flags)
    programs.push(program)
    return program
  }

  async function start(...flags: readonly string[]): Promise<string> {
    const [, url] = await run(...flags).printed(/INFO server listening, press ctrl\+c to stop addr=(\S+)\n/)
    return `${url}/api`
  }

  it('answers as the guide says, byte for byte', async () => {
    const api = await start()
    const { token } = guide

    expect(await ask(`${api}/healthz`)).toMatchObject(ok('"OK"'))
    const anonymous = await ask(`${api}/tasks`)
    expect(anonymous).toMatchObject({
      status: 401,
      type: 'text/plain; charset=utf-8',
      length: '44',
      body: 'unauthorized: authorization header is empty\n',
    })
    expect(anonymous.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await ask(`${api}/tasks`, token)).toMatchObject(ok('{}'))
    const refused = await ask(`${api}/add-task`, token)
    expect(refused).toMatchObject(denied)
    expect(refused.headers.get('x-content-type-options')).toBe('nosniff')

    // The Console's last step, from the shell, while the API runs.
    const grant = await fetch(`${zitadel.issuer}/local/grants`, {
      method: 'POST',
      body: new URLSearchParams({ role: 'admin' }),
    })
    expect(grant.status).toBe(200)

    expect(await ask(`${api}/add-task`, token, form('My new task'))).toMatchObject(ok('"task `My new task` added"'))
    expect(await ask(`${api}/tasks`, token)).toMatchObject({
      ...ok('{"tasks":["My new task","create a new task on /api/add-task"]}'),
      length: '62',
    })
    expect(programs[0]?.output().stderr).toBe('')
  })

  it('takes the task from a form, from the query, or from JSON', async () => {
    const admin = createAdmin('sources')
    const api = await start()
    const json = { method: 'POST', body: '{"task":"from json"}', headers: { 'content-type': 'application/json' } }
    expect(await ask(`${api}/add-task`, admin, form('from form'))).toMatchObject(ok('"task `from form` added"'))
    expect(await ask(`${api}/add-task?task=from+query`, admin)).toMatchObject(ok('"task `from query` added"'))
    expect(await ask(`${api}/add-task`, admin, json)).toMatchObject(ok('"task `from json` added"'))
  })

  it('escapes what could be read as HTML, as Go does', async () => {
    const api = await start()
    const answer = await ask(`${api}/add-task`, createAdmin('html'), form('<b>&'))
    expect(answer).toMatchObject(ok('"task `\\u003cb\\u003e\\u0026` added"'))
  })

  it.each<[string, string, RequestInit]>([
    ['no task', '', {}],
    ['an empty task', '', form('')],
    ['a task of spaces', '', form('   ')],
    [
      'a task that is not a text',
      '',
      { method: 'POST', body: '{"task":{"a":1}}', headers: { 'content-type': 'application/json' } },
    ],
    ['a body of another type', '', { method: 'POST', body: 'task=x', headers: { 'content-type': 'text/plain' } }],
  ])('answers 400 to %s', async (name, query, init) => {
    const api = await start()
    expect(await ask(`${api}/add-task${query}`, createAdmin(`empty: ${name}`), init)).toMatchObject({
      status: 400,
      type: 'application/json',
      body: '"task must not be empty"',
    })
  })

  it('answers 400 to a body that is not the JSON it says, and 413 to a huge one', async () => {
    const admin = createAdmin('bodies')
    const api = await start()
    const json = (body: string): RequestInit => ({
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect(await ask(`${api}/add-task`, admin, json('{"task":'))).toMatchObject({
      status: 400,
      type: 'application/json',
    })
    expect(await ask(`${api}/add-task`, admin, json(`{"task":"${'x'.repeat(2_000_000)}"}`))).toMatchObject({
      status: 413,
    })
    expect(programs[0]?.output().stderr).toBe('')
  })

  describe('reads a body as the other frameworks do:', () => {
    const formType = 'application/x-www-form-urlencoded'
    const post = (
      body: string | Uint8Array<ArrayBuffer>,
      type: string,
      headers: Record<string, string> = {},
      method = 'POST',
    ): RequestInit => ({
      method,
      body,
      headers: { 'content-type': type, ...headers },
    })
    const added = { status: 200, body: '"task `x` added"' }
    const empty = { status: 400, body: '"task must not be empty"' }
    const unread = (status: number) => ({ status, type: 'application/json', body: '"request body cannot be read"' })

    it.each<[string, RequestInit, object]>([
      ['a form of 90 kB', post(`task=x&other=${'y'.repeat(90_000)}`, formType), added],
      ['a form of more than 1 MiB', post(`task=x&other=${'y'.repeat(1_048_576)}`, formType), unread(413)],
      ['a form with a charset', post('task=x', `${formType}; charset=UTF-8`), added],
      ['a form in latin-1', post('task=%E9', `${formType}; charset=iso-8859-1`), unread(415)],
      ['a form that is compressed', post(gzipSync('task=x'), formType, { 'content-encoding': 'gzip' }), unread(415)],
      ['a form with the task twice', post('task=x&task=y', formType), added],
      ['a form by PUT', post('task=x', formType, {}, 'PUT'), added],
      ['a form by PATCH', post('task=x', formType, {}, 'PATCH'), added],
      ['a form by DELETE', post('task=x', formType, {}, 'DELETE'), empty],
      ['JSON with a charset', post('{"task":"x"}', 'application/json; charset=utf-8'), added],
      ['JSON with a list', post('{"task":["x","y"]}', 'application/json'), empty],
      ['JSON that is a text', post('"x"', 'application/json'), empty],
      ['JSON that is null', post('null', 'application/json'), empty],
      ['JSON that is nothing', post('', 'application/json'), empty],
      [
        'JSON that is compressed',
        post(gzipSync('{}'), 'application/json', { 'content-encoding': 'gzip' }),
        unread(415),
      ],
      ['JSON of another kind', post('{"task":"x"}', 'application/vnd.api+json'), empty],
      ['a type in capitals', post('{"task":"x"}', 'Application/JSON'), added],
    ])('%s', async (name, init, expected) => {
      const api = await start()
      expect(await ask(`${api}/add-task`, createAdmin(`body: ${name}`), init)).toMatchObject(expected)
    })
  })

  it.each([
    ['introspection', [200, 200]],
    ['jwt', [200, 401]],
    ['auto', [200, 200]],
  ])('takes a JWT and an opaque token with --verification %s as that mode does', async (verification, statuses) => {
    const api = await start('--verification', verification, '--project-id', guide.project.id)
    const options = { audience: [guide.project.id] }
    const jwt = zitadel.issueAccessToken(guide.user, { ...options, type: 'jwt' })
    const opaque = zitadel.issueAccessToken(guide.user, { ...options, type: 'opaque' })
    const answers = [await ask(`${api}/tasks`, jwt), await ask(`${api}/tasks`, opaque)]
    expect(answers.map(({ status }) => status)).toEqual(statuses)
  })

  it('starts while ZITADEL is down, answers healthz, and works once ZITADEL is back', async () => {
    await zitadel.pause()
    const api = await start()
    expect(await ask(`${api}/healthz`)).toMatchObject(ok('"OK"'))
    const down = await ask(`${api}/tasks`, guide.token)
    expect(down).toMatchObject({ status: 503 })
    expect(down.headers.get('retry-after')).toMatch(/^\d+$/)
    await zitadel.resume()
    expect(await ask(`${api}/tasks`, guide.token)).toMatchObject({ status: 200 })
  })

  it.each([
    ['30 seconds by default', [], 1],
    ['as long as --cache-ttl says', ['--cache-ttl', '5'], 1],
    ['not at all with --cache-ttl 0', ['--cache-ttl', '0'], 3],
  ])('remembers answers %s', async (_, flags, introspections) => {
    const api = await start(...flags)
    zitadel.resetRequests()
    await ask(`${api}/tasks`, guide.token)
    await ask(`${api}/tasks`, guide.token)
    await ask(`${api}/tasks`, guide.token)
    expect(zitadel.requests.introspection).toBe(introspections)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('stops cleanly on %s', async (signal) => {
    const program = run()
    await program.printed(/server listening/)
    expect(await program.kill(signal)).toBe(0)
    expect(program.output()).toMatchObject({ stdout: expect.stringMatching(/INFO server stopped\n$/), stderr: '' })
  })

  describe('says in one line why it cannot start:', () => {
    const file = async (name: string, content: string): Promise<string> => {
      const path = join(dirname(keyFile), name)
      await writeFile(path, content)
      return path
    }
    const json = (change: object): string => JSON.stringify({ ...guide.key, ...change })

    it.each<[string, () => Promise<readonly string[]> | readonly string[], RegExp]>([
      ['no domain', () => ['--key', keyFile], /--domain is missing/],
      ['no key', () => ['--domain', zitadel.issuer], /--key is missing/],
      ['an unknown option', () => ['--domian', 'x'], /Unknown option '--domian'/],
      ['a stray word', () => ['serve'], /Unexpected argument 'serve'/],
      ['an option without value', () => ['--domain'], /argument missing/],
      ['a malformed port', () => with_('--port', '80a'), /--port must be a whole number from 0 to 65535/],
      ['a port that is too large', () => with_('--port', '65536'), /--port must be a whole number from 0 to 65535/],
      ['a negative cache time', () => with_('--cache-ttl=-1'), /--cache-ttl must be a whole number/],
      [
        'a verification nobody knows',
        () => with_('--verification', 'guess'),
        /verification is 'introspection', 'jwt' or 'auto'/,
      ],
      ['local verification without a project', () => with_('--verification', 'jwt'), /needs the projectId/],
      ['a key file that is not there', () => withKey('/nowhere/api.json'), /there is no such file/],
      ['a key file that is a folder', () => withKey(dirname(keyFile)), /it is a folder/],
      ['a key file that is not JSON', async () => withKey(await file('text.json', 'hello')), /is not JSON/],
      [
        'a truncated key file',
        async () => withKey(await file('cut.json', json({}).slice(0, 300))),
        /is not JSON, or is cut off/,
      ],
      [
        'a truncated key',
        async () => withKey(await file('pem.json', json({ key: guide.key.key.slice(0, 300) }))),
        /not a private key/,
      ],
      [
        "a service account's key",
        async () => withKey(await file('sa.json', json({ type: 'serviceaccount' }))),
        /service account/,
      ],
      [
        'a key file without client id',
        async () => withKey(await file('id.json', json({ clientId: undefined }))),
        /no "clientId"/,
      ],
      ['a domain that does not resolve', () => withDomain('no-such-zitadel.invalid'), /does not resolve/],
      ['a malformed domain', () => withDomain('not a domain'), /not a host name/],
      ['plain http to another machine', () => withDomain('http://zitadel.example'), /plain http/],
      ['a domain with a path', () => withDomain(`${zitadel.issuer}/oauth`), /has a path/],
    ])('%s', async (_, flags, line) => {
      await expectFailure(runTasks(framework, ...(await flags())), line)
    })

    it.each([
      ['a domain that is not a ZITADEL', { status: 404, body: 'not here' }, /is not a ZITADEL/],
      [
        'a domain that answers with a web page',
        { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>' },
        /is not a ZITADEL/,
      ],
      [
        'a domain that names another issuer',
        { status: 200, headers: { 'content-type': 'application/json' }, body: '{"issuer":"https://other.example"}' },
        /another issuer/,
      ],
    ])('%s', async (_, fault, line) => {
      zitadel.fail('discovery', fault)
      await expectFailure(run(), line)
    })

    it('a port that is in use', async () => {
      const port = new URL(zitadel.issuer).port
      await expectFailure(runTasks(framework, ...with_('--port', port)), /port \d+ is already in use/)
    })

    const with_ = (...flags: readonly string[]): readonly string[] => [
      '--domain',
      zitadel.issuer,
      '--key',
      keyFile,
      ...flags,
    ]
    const withKey = (path: string): readonly string[] => ['--domain', zitadel.issuer, '--key', path]
    const withDomain = (domain: string): readonly string[] => ['--domain', domain, '--key', keyFile]

    async function expectFailure(program: Program, line: RegExp): Promise<void> {
      expect(await program.ended).toBe(1)
      const { stdout, stderr } = program.output()
      expect(stdout).toBe('')
      expect(stderr).toMatch(line)
      expect(stderr).toMatch(/^cannot start: [^\n]+\n$/)
      expect(stderr).not.toMatch(/PRIVATE KEY|[A-Za-z0-9+/]{40}/)
    }
  })

  function createAdmin(userName: string): string {
    const user = zitadel.createServiceUser({ userName: `${framework} ${userName}` })
    zitadel.createRole(guide.project, 'admin')
    zitadel.grantRole(user, { project: guide.project, role: 'admin' })
    return zitadel.createPersonalAccessToken(user)
  }
})

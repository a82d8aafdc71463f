import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { slicesOf } from '../application-keys.js'
import { createWorld, type Report, readSteps, type World, wordsOf } from './world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
  world.zitadel.createRole(world.project, 'admin')
  world.zitadel.grantRole(world.user, { project: world.project, role: 'admin' })
})
afterEach(() => world.close())

const statusesOf = (report: Report) => Object.fromEntries(readSteps(report).map(({ name, status }) => [name, status]))
const stepOf = (report: Report, name: string) => readSteps(report).find((step) => step.name === name)

const healthy = {
  'name, TLS, discovery': 'ok',
  clock: 'ok',
  key: 'ok',
  'key set': 'ok',
  introspection: 'ok',
}

const good = {
  token: 'ok',
  'token issuer': 'ok',
  'token expiry': 'ok',
  'token audience': 'ok',
  'token at ZITADEL': 'ok',
  'token roles': 'ok',
}

describe('zitadel-auth doctor', () => {
  it('finds nothing wrong where nothing is, and says what to do next', async () => {
    const report = await world.run([...world.args(), '--json'])
    const { text, exitCode } = await world.run(world.args())

    expect(statusesOf(report)).toEqual(healthy)
    expect(JSON.parse(report.text)).toMatchObject({ ok: true })
    expect(exitCode).toBe(0)
    expect(text).toContain('--token -\n')
    expect(text).toContain(`--domain ${world.zitadel.issuer}`)
  })

  it('quotes a path in the command to paste as a shell reads it', async () => {
    const file = await world.write("it's --my key.json", JSON.stringify(world.key))

    const { text } = await world.run(world.args({ key: file }))

    const [, command = ''] = text.split('Next, paste a token into:\n')
    const said = execFileSync('sh', ['-c', command.replace('npx', 'printf "%s\\n"')], { encoding: 'utf8' })
    expect(said.split('\n')).toEqual(['@org/zitadel-auth', ...world.args({ key: file }), '--token', '-', ''])
  })

  it('finds nothing wrong with a personal access token, and tells its roles', async () => {
    const report = await world.run([...world.args({ token: '-' }), '--json'], `${world.token}\n`)

    expect(statusesOf(report)).toEqual({ ...healthy, ...good })
    expect(stepOf(report, 'token roles')?.detail).toBe('"admin"')
    expect(stepOf(report, 'token expiry')?.detail).toBe('never')
    expect(report.exitCode).toBe(0)
  })

  it('reads the token from a file', async () => {
    const file = await world.write('token', world.token)

    expect(statusesOf(await world.run([...world.args({ token: file }), '--json']))).toEqual({ ...healthy, ...good })
  })

  it('verifies the signature of a JWT, and misses the roles that are not in it', async () => {
    const { zitadel, user, project } = world
    const token = zitadel.issueAccessToken(user, {
      type: 'jwt',
      audience: [project.id],
      expiresInSeconds: 3 * 3_600 + 60,
    })

    const report = await world.run([...world.args({ token: '-' }), '--json'], token)

    const expected = { ...healthy, ...good, 'token signature': 'ok', 'token roles': 'warning' }
    expect(statusesOf(report)).toEqual(expected)
    expect(stepOf(report, 'token expiry')?.detail).toMatch(/^in 3 hours, 20/)
    expect(wordsOf(stepOf(report, 'token roles') as never)).toContain('urn:zitadel:iam:org:projects:roles')
    expect(report.exitCode).toBe(0)
  })

  it('finds the roles in a JWT that was asked for with their scope', async () => {
    const { zitadel, user, project } = world
    const scopes = ['openid', 'urn:zitadel:iam:org:projects:roles', `urn:zitadel:iam:org:project:id:${project.id}:aud`]
    const token = zitadel.issueAccessToken(user, { type: 'jwt', scopes })

    const report = await world.run([...world.args({ token: '-', key: undefined }), '--json'], token)

    expect(statusesOf(report)).toMatchObject({ 'token signature': 'ok', 'token audience': 'ok', 'token roles': 'ok' })
    expect(stepOf(report, 'token roles')?.detail).toBe('"admin"')
  })

  it('needs no credentials for the rest, and says what it did not ask', async () => {
    const token = world.zitadel.issueAccessToken(world.user, { type: 'jwt', audience: [world.project.id] })

    const report = await world.run([...world.args({ token: '-', key: undefined }), '--json'], token)

    expect(statusesOf(report)).toMatchObject({
      key: 'skipped',
      introspection: 'skipped',
      'token at ZITADEL': 'skipped',
    })
    expect(stepOf(report, 'token roles')).toMatchObject({ status: 'warning', detail: 'none in the JWT' })
    expect(report.exitCode).toBe(0)
  })

  it('takes client id and secret, and does not print the secret', async () => {
    const { clientId, clientSecret } = world.zitadel.createApiApplication(world.project, { authMethod: 'basic' })
    const file = await world.write('secret', `${clientSecret}\n`)

    const report = await world.run(
      [...world.args({ key: undefined, 'client-id': clientId, 'client-secret-file': file, token: '-' }), '--json'],
      world.token,
    )

    expect(statusesOf(report)).toMatchObject({
      'client id and secret': 'ok',
      introspection: 'ok',
      'token at ZITADEL': 'ok',
    })
    expect(report.text).not.toContain(clientSecret)
  })

  it('goes by the internal address, and by the name of the domain', async () => {
    const { port } = new URL(world.zitadel.issuer)
    const args = world.args({ 'internal-url': `http://localhost:${port}`, token: '-' })

    expect(statusesOf(await world.run([...args, '--json'], world.token))).toEqual({ ...healthy, ...good })
  })

  it('says of an opaque token only what it can know where userinfo does not answer either', async () => {
    const token = world.zitadel.issueAccessToken(world.user, { type: 'opaque', scopes: ['openid'] })
    world.zitadel.fail('userinfo', { status: 404 })

    const report = await world.run([...world.args({ token: '-' }), '--json'], token)

    const step = stepOf(report, 'token at ZITADEL')
    expect(step).toMatchObject({ status: 'failed', isInferred: true })
    expect(wordsOf(step as never)).toContain('it is expired, revoked or unknown, or was requested without the scope')
  })

  it('sends a token nowhere but to the address that it asks anyway', async () => {
    const asked: unknown[] = []
    const port = await world.serve((request, response) => {
      asked.push(request.url)
      response.writeHead(200).end()
    })
    const document = await (await fetch(`${world.zitadel.issuer}/.well-known/openid-configuration`)).json()
    const body = JSON.stringify({ ...Object(document), userinfo_endpoint: `http://127.0.0.1:${port}/userinfo` })
    world.zitadel.fail('discovery', { status: 200, headers: { 'content-type': 'application/json' }, body })
    const token = world.zitadel.issueAccessToken(world.user, { type: 'opaque', scopes: ['openid'] })

    const report = await world.run([...world.args({ token: '-' }), '--json'], token)

    expect(stepOf(report, 'token at ZITADEL')?.status).toBe('failed')
    expect(asked).toEqual([])
  })

  it('believes nothing that ZITADEL says of clients and tokens while it has failed', async () => {
    world.zitadel.fail('all', 'database-down-behind-cache')

    const report = await world.run([...world.args({ token: '-' }), '--json'], world.token)

    const expected = { ...healthy, 'key set': 'failed', introspection: 'skipped', 'token at ZITADEL': 'skipped' }
    expect(statusesOf(report)).toMatchObject(expected)
  })

  it('lets nothing that a token says move the cursor', async () => {
    const { zitadel, user, project } = world
    const role = 'ad\u001b[2Jmin'
    zitadel.createRole(project, role)
    zitadel.grantRole(user, { project, role })

    const { text } = await world.run(world.args({ token: '-' }), world.token)

    expect(text).not.toContain('\u001b')
    expect(text).toContain('"ad\\u001b[2Jmin"')
  })

  it('prints colours where they are wanted, which say nothing more than the signs', async () => {
    const plain = await world.run(world.args({ token: '-' }), world.token)
    const colored = await world.run(world.args({ token: '-' }), world.token, { hasColors: true })

    expect(plain.text).not.toContain('\u001b')
    expect(colored.text).toContain('\u001b[32m✓\u001b[0m token roles')
    expect(slicesOf(world.token).filter((slice) => colored.text.includes(slice))).toEqual([])
  })
})

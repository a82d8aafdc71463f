import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adviseOnFailure } from '../../src/doctor/advise-on-failure.js'
import { AuthorizationError } from '../../src/errors/authorization-error.js'
import { createWorld, readSteps, type World, wordsOf } from './world.js'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** What the first step that fails says. */
async function examine(options: Readonly<Record<string, string | undefined>>, input?: string) {
  const report = await world.run([...world.args(options), '--json'], input)
  const wrong = readSteps(report).find(({ status }) => status === 'failed')
  return { step: wrong?.name, isInferred: wrong?.isInferred, words: wordsOf(wrong as never) }
}

const atIntrospection: readonly (readonly [number, string])[] = [
  [302, 'leads elsewhere'],
  [403, 'not ZITADEL but a proxy or a firewall'],
  [404, 'does not pass this path'],
  [429, 'Too many questions'],
  [500, 'its database'],
]

describe('zitadel-auth doctor, about a failure', () => {
  it.each(atIntrospection)('explains status %i at the introspection', async (status, words) => {
    world.zitadel.fail('introspection', { status })

    expect(await examine({})).toMatchObject({
      step: 'introspection',
      isInferred: false,
      words: expect.stringContaining(words),
    })
  })

  it('explains status 403 at the keys', async () => {
    world.zitadel.fail('keys', { status: 403 })

    expect(await examine({})).toMatchObject({ step: 'key set', words: expect.stringContaining('a firewall before it') })
  })

  it.each([429, 403])('explains status %i where it looks for ZITADEL', async (status) => {
    const port = await world.serve((_request, response) => response.writeHead(status).end())
    const [, words] = atIntrospection.find(([number]) => number === status) ?? []

    expect((await examine({ domain: `http://127.0.0.1:${port}` })).words).toContain(words)
  })

  it('explains that nobody answers', async () => {
    const port = await world.serve(() => {})

    const { words } = await examine({ domain: `http://127.0.0.1:${port}`, 'timeout-ms': '200' })

    expect(words).toContain('firewall on the way, or a wrong port')
  })

  it('explains that what answers speaks no HTTP, and may speak TLS', async () => {
    const port = await world.serveBytes('SSH-2.0-OpenSSH_9.6\r\n')

    const { words } = await examine({ domain: `http://127.0.0.1:${port}` })

    expect(words).toContain('does not speak HTTP')
    expect(words).toContain(`https://127.0.0.1:${port}`)
  })

  it.each(['domain', 'internal-url'])('suggests https where a port that speaks TLS is the --%s', async (option) => {
    const address = `127.0.0.1:${await world.serveTls()}`

    expect((await examine({ [option]: `http://${address}` })).words).toContain(`--${option} https://${address}`)
  })

  it('suggests https where a server says 400 to plain http', async () => {
    const port = await world.serve((_request, response) => response.writeHead(400).end())

    expect((await examine({ domain: `http://127.0.0.1:${port}` })).words).toContain(
      `--domain https://127.0.0.1:${port}`,
    )
  })

  it.each([
    ['EPROTO', 'handshake'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client certificate'],
    ['HPE_INVALID_CONSTANT', 'does not speak HTTP'],
    ['ETIMEDOUT', 'wrong port'],
  ])('explains %s', (code, words) => {
    const error = new AuthorizationError('ERR_PROVIDER_UNAVAILABLE', 'it', {
      cause: Object.assign(new Error(), { code }),
    })

    expect(adviseOnFailure(error, { domain: 'x' }).map(({ text }) => text)).toEqual([expect.stringContaining(words)])
  })
})

describe('zitadel-auth doctor, about an option', () => {
  it('calls it by the name under which the doctor takes it', async () => {
    const plain = await examine({ 'internal-url': 'http://zitadel:8080' })

    expect(plain.words).toContain('--internal-url is plain http')
    expect(plain.words).toContain('set --allow-insecure-http')
    expect((await examine({ domain: 'x/y' })).words).not.toMatch(/internalUrl|allowInsecureHttp|projectId/)
  })
})

const mistakes: readonly (readonly [string, (token: string) => string, string])[] = [
  ['in UTF-16', (token) => `\ufffd\ufffd${[...token].join('\0')}\0`, 'UTF-16'],
  ['in quotes', (token) => `"${token}"`, 'quotes'],
  ['in the answer that it came in', (token) => `{"access_token":"${token}"}`, 'member access_token'],
  ['after its scheme', (token) => `Bearer ${token}`, 'without Bearer'],
]

describe('zitadel-auth doctor, given a token', () => {
  it.each(mistakes)('says what is wrong with one %s', async (_name, write, words) => {
    const wrong = await examine({ token: '-' }, write(world.token))

    expect(wrong.step).toBe('token')
    expect(wrong.words).toContain(words)
  })
})

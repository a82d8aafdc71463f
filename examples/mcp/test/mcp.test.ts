import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, ClientCredentialsProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { ClientCredentialsProvider as CredentialsV1 } from '@modelcontextprotocol/sdk/client/auth-extensions.js'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { createZitadelAuth } from '@org/zitadel-auth'
import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createMcpApi } from '../src/app.js'

const logger = { warn() {}, error() {} }

beforeEach(() => {
  // The example logs who has done what.
  vi.spyOn(console, 'log').mockImplementation(() => {})
})

/** The example on a local ZITADEL, and a service account with a secret. */
async function setUp() {
  const zitadel = await startLocalZitadel()
  onTestFinished(zitadel.close)
  const { project, key, user, token } = setUpGuide(zitadel)
  zitadel.createRole(project, 'admin')
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const auth = createZitadelAuth({ domain: zitadel.issuer, key, projectId: project.id, resource: `${url}/mcp`, logger })
  server.on('request', createMcpApi(auth))
  const credentials = {
    clientId: user.loginName,
    clientSecret: zitadel.createServiceUserSecret(user),
    expectedIssuer: zitadel.issuer,
  }
  const scope = `openid urn:zitadel:iam:org:project:id:${project.id}:aud`
  return { zitadel, project, user, token, scope, url: `${url}/mcp`, origin: url, credentials }
}

interface Answer {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly headers: Headers
}

/** Keeps what came back. */
function createRecorder() {
  const answers: Answer[] = []
  const recordingFetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    answers.push({
      method: init?.method ?? 'GET',
      url: String(input),
      status: response.status,
      headers: response.headers,
    })
    return response
  }
  return { answers, recordingFetch }
}

type SetUp = Awaited<ReturnType<typeof setUp>>

/** A client that calls tools. */
interface Caller {
  connect(): Promise<void>
  call(name: string, args?: Record<string, unknown>): Promise<unknown>
  close(): Promise<void>
}

const sdks: Readonly<Record<string, (set: SetUp, recordingFetch: typeof fetch, token?: string) => Caller>> = {
  // Its provider for service accounts, unlike those for people, does not take the scope from the challenge.
  'version 1': ({ url, credentials, scope }, recordingFetch, token) => {
    const client = new ClientV1({ name: 'test', version: '1.0.0' })
    const options =
      token === undefined
        ? { authProvider: new CredentialsV1({ ...credentials, scope }) }
        : { requestInit: bearer(token) }
    return {
      connect: () => client.connect(new TransportV1(new URL(url), { fetch: recordingFetch, ...options }) as never),
      call: (name, args = {}) => client.callTool({ name, arguments: args }),
      close: () => client.close(),
    }
  },
  'version 2': ({ url, credentials }, recordingFetch, token) => {
    const client = new Client({ name: 'test', version: '1.0.0' })
    const options =
      token === undefined
        ? { authProvider: new ClientCredentialsProvider(credentials) }
        : { requestInit: bearer(token) }
    return {
      connect: () =>
        client.connect(new StreamableHTTPClientTransport(new URL(url), { fetch: recordingFetch, ...options })),
      call: (name, args = {}) => client.callTool({ name, arguments: args }),
      close: () => client.close(),
    }
  },
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

const said = (text: string, more: object = {}) =>
  expect.objectContaining({ content: [{ type: 'text', text }], ...more })

describe.each(Object.entries(sdks))('the MCP server, for a client of %s of the SDK', (_version, createCaller) => {
  it('shows the way to ZITADEL, and to a token that is good for it', async () => {
    const set = await setUp()
    const { answers, recordingFetch } = createRecorder()
    const caller = createCaller(set, recordingFetch)
    await caller.connect()
    expect(await caller.call('list_tasks')).toEqual(said('[]'))
    await caller.close()

    const metadata = `${set.origin}/.well-known/oauth-protected-resource/mcp`
    const challenge = `Bearer scope="${set.scope}", resource_metadata="${metadata}"`
    expect(answers[0]).toMatchObject({ url: set.url, status: 401 })
    expect(answers[0]?.headers.get('www-authenticate')).toBe(challenge)
    const way = answers.slice(1).map(({ method, url, status }) => [method, url, status])
    expect(way.slice(0, 5)).toEqual([
      ['GET', metadata, 200],
      ['GET', `${set.zitadel.issuer}/.well-known/oauth-authorization-server`, 404],
      ['GET', `${set.zitadel.issuer}/.well-known/openid-configuration`, 200],
      ['POST', `${set.zitadel.issuer}/oauth/v2/token`, 200],
      ['POST', set.url, 200],
    ])
  })

  it('asks for the role where a tool does, and tells the client by an error of the tool', async () => {
    const set = await setUp()
    const caller = createCaller(set, fetch, set.token)
    await caller.connect()
    const task = { task: 'write a test' }
    const refused = said('permission denied: missing required role: `admin`', { isError: true })
    expect(await caller.call('add_task', task)).toEqual(refused)
    set.zitadel.grantRole(set.user, { project: set.project, role: 'admin' })
    expect(await caller.call('add_task', task)).toEqual(said('task `write a test` added'))
    await caller.close()
  })

  it('asks ZITADEL once about ten messages with one token', async () => {
    const set = await setUp()
    const { answers, recordingFetch } = createRecorder()
    const caller = createCaller(set, recordingFetch, set.token)
    await caller.connect()
    for (const _ of '12345678') await caller.call('list_tasks')
    await caller.close()
    expect(answers.filter(({ method, status }) => method === 'POST' && status < 300).length).toBe(10)
    expect(set.zitadel.requests.introspection).toBe(1)
  })

  it('answers 503, and when to come back, while ZITADEL is down', async () => {
    const set = await setUp()
    await set.zitadel.pause()
    const { answers, recordingFetch } = createRecorder()
    const caller = createCaller(set, recordingFetch, set.token)
    await expect(caller.connect()).rejects.toThrow('service unavailable: the token cannot be verified right now')
    await caller.close()
    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([[503, '5']])
  })

  it('takes a tool for one that fails, where ZITADEL went down after the request had begun', async () => {
    const set = await setUp()
    const caller = createCaller(set, fetch, set.token)
    await caller.connect()
    await set.zitadel.pause()
    const refused = said('service unavailable: the token cannot be verified right now', { isError: true })
    expect(await caller.call('add_task', { task: 'write a test' })).toEqual(refused)
    await caller.close()
  })
})

describe('the MCP server', () => {
  it('lets clients in browsers ask, and read why they are refused', async () => {
    const { url } = await setUp()
    const origin = 'https://inspector.example'
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,mcp-protocol-version',
      },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'authorization,mcp-protocol-version',
    ])
    const refused = await fetch(url, { method: 'POST', headers: { origin } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, '*'])
    expect(refused.headers.get('access-control-expose-headers')).toBe('WWW-Authenticate')
  })

  it('sends a client without the role nowhere for another token', async () => {
    const { url, token } = await setUp()
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        ...bearer(token).headers,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'add_task', arguments: { task: 'a' } },
      }),
    })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([200, null])
  })
})

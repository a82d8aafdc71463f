import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createZitadelAuth, readAuthorizationHeader, type ZitadelAuth } from '@org/zitadel-auth'
import { getAuthorization, toAuthInfo } from '@org/zitadel-auth/mcp'
import { setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { expect, it, onTestFinished } from 'vitest'

function createTools(auth: ZitadelAuth): McpServer {
  const server = new McpServer({ name: 'tasks', version: '1.0.0' })
  server.registerTool('delete_tasks', { description: 'Deletes all tasks, for admins' }, async (extra) => {
    const { userId } = await auth.authorize(getAuthorization(extra), { role: 'admin' })
    return { content: [{ type: 'text', text: `deleted by ${userId}` }] }
  })
  return server
}

async function handle(auth: ZitadelAuth, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const authInfo: AuthInfo = toAuthInfo(await auth.authenticate(readAuthorizationHeader(request)), auth)
  const transport = new StreamableHTTPServerTransport()
  await createTools(auth).connect(transport as never)
  await transport.handleRequest(Object.assign(request, { auth: authInfo }), response)
}

it('a server of version 1 of the SDK tells its tools who calls', async () => {
  const zitadel = await startLocalZitadel()
  onTestFinished(zitadel.close)
  const { project, key, user, token } = setUpGuide(zitadel)
  zitadel.createRole(project, 'admin')
  const auth = createZitadelAuth({ domain: zitadel.issuer, key })
  const server = createServer((request, response) => void handle(auth, request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const client = new Client({ name: 'test', version: '1.0.0' })
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`)
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }) as never)
  expect(await client.callTool({ name: 'delete_tasks' })).toMatchObject({
    isError: true,
    content: [{ text: 'permission denied: missing required role: `admin`' }],
  })
  zitadel.grantRole(user, { project, role: 'admin' })
  expect(await client.callTool({ name: 'delete_tasks' })).toMatchObject({
    content: [{ text: `deleted by ${user.id}` }],
  })
  await client.close()
})

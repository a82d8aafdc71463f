// Calls the tools of the MCP server from the command line:
// node client.js ADDRESS [TASK] [--token TOKEN | --issuer ADDRESS --client-id ID --client-secret SECRET]
import { parseArgs } from 'node:util'
import {
  type AuthProvider,
  type CallToolResult,
  Client,
  ClientCredentialsProvider,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'

const { positionals, values } = parseArgs({
  options: {
    token: { type: 'string' },
    issuer: { type: 'string' },
    'client-id': { type: 'string' },
    'client-secret': { type: 'string' },
  },
  allowPositionals: true,
})
const [address = 'http://localhost:8089/mcp', task] = positionals
/** Prints every answer, so that one sees how the client finds its way. */
const printingFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  const { method = 'GET' } = init ?? {}
  const told = ['www-authenticate', 'retry-after'].flatMap((name) => response.headers.get(name) ?? [])
  console.log([method, String(input), response.status, ...told].join(' '))
  return response
}

/** A token; or the credentials of a service account: where a token comes from the server says, and ZITADEL. */
function findAuthProvider(): AuthProvider | ClientCredentialsProvider | undefined {
  const { token, issuer, 'client-id': clientId, 'client-secret': clientSecret } = values
  if (token !== undefined) return { token: async () => token }
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined
  // The secret goes to no other server, whatever the metadata say.
  return new ClientCredentialsProvider({ clientId, clientSecret, expectedIssuer: issuer })
}

const authProvider = findAuthProvider()
const client = new Client({ name: 'tasks-client', version: '1.0.0' })
try {
  await client.connect(
    new StreamableHTTPClientTransport(new URL(address), {
      fetch: printingFetch,
      ...(authProvider && { authProvider }),
    }),
  )
  if (task !== undefined) print('add_task', await client.callTool({ name: 'add_task', arguments: { task } }))
  print('list_tasks', await client.callTool({ name: 'list_tasks' }))
  await client.close()
} catch (error) {
  console.log((error as Error).message)
  process.exitCode = 1
}

function print(tool: string, { content, isError }: CallToolResult): void {
  const text = content.map((part) => (part.type === 'text' ? part.text : part.type)).join(' ')
  console.log(`${tool}: ${isError === true ? `error: ${text}` : text}`)
}

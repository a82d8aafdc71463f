import { type CallToolResult, McpServer } from '@modelcontextprotocol/server'
import type { TaskList } from '@org/example-tasks'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { getAuthorization } from '@org/zitadel-auth/mcp'
import { z } from 'zod'

/** Makes the server of one request: a tool for everybody with a good token, and one for admins. */
export function createTools(auth: ZitadelAuth, tasks: TaskList): McpServer {
  const server = new McpServer({ name: 'tasks', version: '1.0.0' })

  server.registerTool('list_tasks', { description: 'Lists the tasks' }, (ctx) =>
    answer(JSON.stringify(tasks.list(getAuthorization(ctx)).tasks ?? [])),
  )

  const task = z.string().describe('What is to be done')
  server.registerTool(
    'add_task',
    { description: 'Adds a task, for admins', inputSchema: z.object({ task }) },
    async ({ task }, ctx) => {
      // What it throws becomes an error of the tool, with the text that clients may read.
      const admin = await auth.authorize(getAuthorization(ctx), { role: 'admin' })
      return answer(tasks.add(task, admin).message)
    },
  )
  return server
}

function answer(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] }
}

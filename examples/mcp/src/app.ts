import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { createTaskList } from '@org/example-tasks'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { toAuthInfo } from '@org/zitadel-auth/mcp'
import {
  type AuthorizedRequest,
  getAuthorization,
  requireAuthorization,
  resourceMetadata,
} from '@org/zitadel-auth-express'
import cors from 'cors'
import express, { type Express, type Response } from 'express'
import { createTools } from './tools.js'

/** Makes the MCP server: `/mcp` needs a good token, and one of its tools a role. */
export function createMcpApi(auth: ZitadelAuth): Express {
  const tasks = createTaskList('add a task with the tool add_task')
  const handle = toNodeHandler(createMcpHandler(() => createTools(auth, tasks)))
  const app = express().disable('x-powered-by')

  // For clients that run in a browser. It answers their preflights, which bring no token.
  app.use(cors())
  app.use(resourceMetadata(auth))
  app.use(requireAuthorization(auth))
  app.all('/mcp', (request: AuthorizedRequest, response: Response) =>
    handle(Object.assign(request, { auth: toAuthInfo(getAuthorization(request), auth) }), response),
  )
  return app
}

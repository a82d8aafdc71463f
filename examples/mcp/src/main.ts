import { runTasksApi } from '@org/example-tasks'
import { createMcpApi } from './app.js'

await runTasksApi(createMcpApi, { resourcePath: '/mcp' })

import { runTasksServer } from '@org/example-tasks'
import { createTasksServer } from './server.js'

await runTasksServer(createTasksServer)

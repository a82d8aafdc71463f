import { runTasksApi } from '@org/example-tasks'
import { createTasksApi } from './app.js'

await runTasksApi(createTasksApi)

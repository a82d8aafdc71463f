import { fileURLToPath } from 'node:url'
import type { MethodDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

type Empty = Readonly<Record<string, never>>
type Task = { readonly task: string }

/** What `tasks.proto` says of the service, for the compiler. */
export interface TaskServiceDefinition {
  readonly Healthz: MethodDefinition<Empty, { readonly health: string }>
  readonly ListTasks: MethodDefinition<Empty, { readonly tasks: readonly string[] }>
  readonly AddTask: MethodDefinition<Task, { readonly added: string }>
  readonly AddTasks: MethodDefinition<Task, { readonly added: number }>
}

/** What `tasks.proto` says, as server reflection tells it. */
export const packageDefinition = loadSync(fileURLToPath(new URL('../proto/tasks.proto', import.meta.url)), {
  defaults: true,
})

/** The service, for a server and for a client. */
export const taskService = packageDefinition['zitadel.example.tasks.v1.TaskService'] as unknown as TaskServiceDefinition

import { fileURLToPath } from 'node:url'
import type { MethodDefinition } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'

type Empty = Readonly<Record<string, never>>
type Task = { readonly task: string }

/** What `api.proto` says of the service, for the compiler. */
export interface ExampleServiceDefinition {
  readonly Healthz: MethodDefinition<Empty, { readonly health: string }>
  readonly ListTasks: MethodDefinition<Empty, { readonly tasks: readonly string[] }>
  readonly AddTask: MethodDefinition<Task, { readonly added: string }>
  readonly AddTasks: MethodDefinition<Task, { readonly added: number }>
}

/** What `api.proto` says, as server reflection tells it. */
export const packageDefinition = loadSync(fileURLToPath(new URL('../proto/api.proto', import.meta.url)), {
  defaults: true,
})

/** The service, for a server and for a client. */
export const exampleService = packageDefinition[
  'zitadel.go.example.api.v3alpha.ExampleService'
] as unknown as ExampleServiceDefinition

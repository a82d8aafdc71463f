import { type handleClientStreamingCall, type handleUnaryCall, type MethodDefinition, status } from '@grpc/grpc-js'
import { createTaskList } from '@org/example-tasks'
import { getAuthorization } from '@org/zitadel-auth-grpc'
import type { ExampleServiceDefinition } from './service.js'

type Unary<Name extends keyof ExampleServiceDefinition> =
  ExampleServiceDefinition[Name] extends MethodDefinition<infer Request, infer Response>
    ? handleUnaryCall<Request, Response>
    : never
type ClientStreaming<Name extends keyof ExampleServiceDefinition> =
  ExampleServiceDefinition[Name] extends MethodDefinition<infer Request, infer Response>
    ? handleClientStreamingCall<Request, Response>
    : never

/** The handlers of the service. */
export interface TaskHandlers {
  readonly Healthz: Unary<'Healthz'>
  readonly ListTasks: Unary<'ListTasks'>
  readonly AddTask: Unary<'AddTask'>
  readonly AddTasks: ClientStreaming<'AddTasks'>
}

/** Makes the handlers, with an empty list of tasks. */
export function createHandlers(): TaskHandlers {
  const tasks = createTaskList('create a new task with `AddTask`')
  return {
    Healthz(_call, callback) {
      callback(null, { health: 'OK' })
    },
    ListTasks(call, callback) {
      callback(null, { tasks: [], ...tasks.list(getAuthorization(call)) })
    },
    AddTask(call, callback) {
      const { status: httpStatus, message } = tasks.add(call.request.task.trim(), getAuthorization(call))
      if (httpStatus === 200) callback(null, { added: message })
      else callback({ code: status.INVALID_ARGUMENT, details: message })
    },
    AddTasks(call, callback) {
      const context = getAuthorization(call)
      let added = 0
      call.on('data', ({ task }) => {
        if (tasks.add(task.trim(), context).status === 200) added += 1
      })
      call.on('end', () => {
        if (added > 0) callback(null, { added })
        else callback({ code: status.INVALID_ARGUMENT, details: 'no task provided' })
      })
    },
  }
}

import { once } from 'node:events'
import { createServer as createProbe } from 'node:net'
import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'
import type { TasksServer } from '@org/example-tasks'
import type { ZitadelAuth } from '@org/zitadel-auth'
import { createAuthorizationInterceptor } from '@org/zitadel-auth-grpc'
import { createHandlers } from './handlers.js'
import { exampleService, packageDefinition } from './service.js'

/** Makes the tasks API: a public method, one for every good token, and two for admins. Server reflection is public. */
export function createTasksServer(auth: ZitadelAuth): TasksServer {
  const authorization = createAuthorizationInterceptor(auth, {
    services: [
      [exampleService, { Healthz: 'public', ListTasks: true, AddTask: { role: 'admin' }, AddTasks: { role: 'admin' } }],
    ],
    methods: {
      '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': 'public',
      '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': 'public',
    },
  })
  const server = new Server({ interceptors: [authorization] })
  server.addService(
    exampleService as unknown as ServiceDefinition,
    createHandlers() as unknown as UntypedServiceImplementation,
  )
  new ReflectionService(packageDefinition).addToServer(server)

  return {
    async listen(port) {
      await requireFree(port)
      return new Promise((resolve, reject) => {
        server.bindAsync(`0.0.0.0:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
          if (error === null) resolve(`localhost:${bound}`)
          else reject(error)
        })
      })
    },
    stop: () =>
      new Promise((resolve) => {
        server.tryShutdown(() => resolve())
        // Calls under way get a moment; a stream that stays open does not keep the process.
        setTimeout(() => server.forceShutdown(), 2_000).unref()
      }),
  }
}

/** Of a port that is taken, grpc-js says no more than a text, and writes that to stderr too. */
async function requireFree(port: number): Promise<void> {
  const probe = createProbe().listen(port, '0.0.0.0')
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}

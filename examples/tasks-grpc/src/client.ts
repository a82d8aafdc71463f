// Calls a tasks API from the command line: node client.js ADDRESS METHOD [TASK …] [--token TOKEN]
import { parseArgs } from 'node:util'
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js'
import { createInsecureBearerInterceptor } from '@org/zitadel-auth-grpc'
import { type ExampleServiceDefinition, exampleService } from './service.js'

try {
  console.log(JSON.stringify(await run()))
} catch (error) {
  const { code, details, message } = error as Partial<ServiceError> & Error
  console.log(code === undefined ? message : `${status[code]}: ${details}`)
  process.exitCode = 1
}

async function run(): Promise<unknown> {
  const { positionals, values } = parseArgs({ options: { token: { type: 'string' } }, allowPositionals: true })
  const [address, method = '', ...tasks] = positionals
  if (address === undefined || !isMethod(method)) {
    throw new TypeError(`use ADDRESS ${Object.keys(exampleService).join('|')} [TASK …] [--token TOKEN]`)
  }
  const interceptors = values.token === undefined ? [] : [createInsecureBearerInterceptor(values.token)]
  const client = new Client(address, credentials.createInsecure(), { interceptors })
  return send(client, method, tasks).finally(() => client.close())
}

function isMethod(name: string): name is keyof ExampleServiceDefinition {
  return Object.hasOwn(exampleService, name)
}

function send(client: Client, method: keyof ExampleServiceDefinition, tasks: readonly string[]): Promise<unknown> {
  const { path, requestStream, requestSerialize, responseDeserialize } = exampleService[method]
  const serialize = requestSerialize as (request: object) => Buffer
  return new Promise((resolve, reject) => {
    const settle = (error: ServiceError | null, response?: unknown): void => (error ? reject(error) : resolve(response))
    if (!requestStream) {
      const [task = ''] = tasks
      client.makeUnaryRequest(path, serialize, responseDeserialize, { task }, settle)
      return
    }
    const stream = client.makeClientStreamRequest(path, serialize, responseDeserialize, settle)
    for (const task of tasks) stream.write({ task })
    stream.end()
  })
}

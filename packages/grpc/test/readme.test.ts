import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Client, credentials, type ServiceDefinition, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInsecureBearerInterceptor } from '../src/index.js'
import { createWorld, type Outcome, outcomeOf, type World } from './world.js'

// In an application that has what the example imports, and outside node_modules, from where Deno runs no program.
const folder = new URL('../../../examples/tasks-grpc/test/.local/', import.meta.url)

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** Writes the first block of a language to a file: a diff with its additions made. */
async function writeExample(readme: string, language: string, name: string): Promise<string> {
  const [, code = ''] = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(readme) ?? []
  const lines = code.split('\n').map((line) => (language === 'diff' ? line.replace(/^(-.*|[+ ])/, '') : line))
  const file = fileURLToPath(new URL(name, folder))
  await writeFile(file, lines.join('\n'))
  return file
}

/** Writes what is run: the example, after what tells us its port. */
async function writeMain(example: string): Promise<string> {
  const reportPort = new URL('../../../contract/test/report-port.mjs', import.meta.url)
  const file = fileURLToPath(new URL('main.mjs', folder))
  await writeFile(file, `import '${reportPort}'\nimport './${example}'\n`)
  return file
}

describe('the example in README.md', () => {
  it('protects its methods as it says', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    await mkdir(folder, { recursive: true })
    const proto = await writeExample(readme, 'proto', 'tasks.proto')
    await writeExample(readme, 'diff', 'server.mjs')
    const program = fork(await writeMain('server.mjs'), {
      cwd: fileURLToPath(folder),
      env: {
        ...process.env,
        ZITADEL_DOMAIN: world.zitadel.issuer,
        ZITADEL_KEY_FILE: await world.zitadel.writeKeyFile(world.key),
        PORT: '0',
      },
    })
    const [port] = await once(program, 'message')
    const service = loadSync(proto)['tasks.v1.TaskService'] as ServiceDefinition

    async function ask(method: string, token?: string): Promise<Outcome> {
      const interceptors = token === undefined ? [] : [createInsecureBearerInterceptor(token)]
      const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { interceptors })
      const { path = '', requestSerialize, responseDeserialize } = service[method] ?? {}
      const call = client.makeBidiStreamRequest(path, requestSerialize as never, responseDeserialize as never)
      const outcome = outcomeOf(call)
      call.write({ text: 'a task' })
      call.end()
      return outcome.finally(() => client.close())
    }
    const admin = world.createUser('admin of the README', 'admin').token

    expect(await ask('Healthz')).toMatchObject({ code: status.OK, messages: [{ text: 'OK' }] })
    expect(await ask('ListTasks')).toMatchObject({ code: status.UNAUTHENTICATED })
    expect(await ask('ListTasks', world.token)).toMatchObject({
      code: status.OK,
      messages: [{ text: `tasks of ${world.user.id}` }],
    })
    expect(await ask('AddTask', world.token)).toMatchObject({ code: status.PERMISSION_DENIED })
    expect(await ask('AddTask', admin)).toMatchObject({ code: status.OK, messages: [{ text: 'added a task' }] })
    program.kill()
  })
})

import { fork, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, credentials, type ServiceDefinition, status } from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createInsecureBearerInterceptor } from '../src/index.js'
import { createWorld, type Outcome, outcomeOf, type World } from './world.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))

// In an application that has what the programs import, and outside node_modules, from where Deno runs no program.
const parent = join(root, 'examples/tasks-grpc/test/.local')

let world: World
let keyFile: string
beforeAll(async () => {
  rmSync(parent, { recursive: true, force: true })
  world = await createWorld()
  keyFile = await world.zitadel.writeKeyFile(world.key)
})
afterAll(() => world.close())

/** The first block of a page in a language. */
function readBlock(page: string, language: string): string {
  const [, code = ''] =
    new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(readFileSync(join(root, page), 'utf8')) ?? []
  return code
}

/**
 * Writes the program of a page, `server.mts`, and its service to a folder, and compiles the program, strictly.
 *
 * @returns the folder, with `server.mjs`
 */
function compile(page: string): string {
  const folder = join(parent, page.replaceAll(/\W/g, '-'))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'tasks.proto'), readBlock(page, 'proto'))
  writeFileSync(join(folder, 'server.mts'), readBlock(page, 'ts'))
  const project = {
    extends: join(root, 'tsconfig.base.json'),
    // What is installed, as for a user, and not the sources.
    compilerOptions: { paths: {}, noEmit: false, declaration: false, sourceMap: false },
    files: ['server.mts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project))
  const compiler = join(root, 'contract/node_modules/typescript-7/bin/tsc')
  expect(spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' }).stdout).toBe('')
  return folder
}

/** As a user would start it. */
const environment = (port: number) => ({
  ...process.env,
  ZITADEL_DOMAIN: world.zitadel.issuer,
  ZITADEL_KEY_FILE: keyFile,
  PORT: String(port),
})

describe.each(['packages/grpc/README.md', 'docs/grpc.md'])('the program of %s', (page) => {
  it('protects its methods as it says', async () => {
    const folder = compile(page)
    // What is run: the program, after what tells us its port.
    const reportPort = new URL('../../../contract/test/report-port.mjs', import.meta.url)
    writeFileSync(join(folder, 'main.mjs'), `import '${reportPort}'\nimport './server.mjs'\n`)
    const program = fork(join(folder, 'main.mjs'), { cwd: folder, env: environment(0) })
    const [port] = await once(program, 'message')
    const service = loadSync(join(folder, 'tasks.proto'))['tasks.v1.TaskService'] as ServiceDefinition

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
    const admin = world.createUser(`admin of ${page}`, 'admin').token

    expect(await ask('Healthz')).toMatchObject({ code: status.OK, messages: [{ text: 'OK' }] })
    expect(await ask('Me')).toMatchObject({ code: status.UNAUTHENTICATED })
    expect(await ask('Me', world.token)).toMatchObject({ code: status.OK, messages: [{ text: world.user.id }] })
    expect(await ask('AddTask')).toMatchObject({ code: status.UNAUTHENTICATED })
    expect(await ask('AddTask', world.token)).toMatchObject({ code: status.PERMISSION_DENIED })
    expect(await ask('AddTask', admin)).toMatchObject({ code: status.OK, messages: [{ text: 'a task' }] })
    program.kill()
  })

  it('fails, and says why, when its port is taken', async () => {
    const folder = compile(page)
    const taken = createServer()
    await once(taken.listen(0, '0.0.0.0'), 'listening')
    const { port } = taken.address() as AddressInfo
    const program = spawn(process.execPath, ['server.mjs'], { cwd: folder, env: environment(port) })
    const [said, [code]] = await Promise.all([program.stderr.setEncoding('utf8').toArray(), once(program, 'exit')])
    taken.close()
    // Bun says that the port is in use, in words of its own.
    expect(said.join('')).toMatch(/EADDRINUSE|in use/)
    expect(code).not.toBe(0)
  })
})

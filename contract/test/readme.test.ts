import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-6'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { createWorld, type World } from '../src/world.js'

const root = new URL('../../', import.meta.url)

/** Where a program stands first. */
const readmes = [
  'README.md',
  ...['core', 'express', 'fastify', 'fetch', 'koa', 'nest'].map((name) => `packages/${name}/README.md`),
  ...['express', 'fastify', 'hono', 'koa', 'nest', 'other-frameworks', 'secure-an-api'].map(
    (name) => `docs/${name}.md`,
  ),
]

const compilerOptions = {
  ...{ module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  experimentalDecorators: true,
}

let world: World
let keyFile: string
beforeAll(async () => {
  world = await createWorld()
  keyFile = await world.zitadel.writeKeyFile(world.key)
})
afterAll(() => world.close())

/** The first program of a page, as Node.js runs it: without its types. */
async function readExample(readme: string): Promise<string> {
  const text = await readFile(new URL(readme, root), 'utf8')
  const [, code = ''] = /```ts\n(.*?)```/s.exec(text) ?? []
  return ts.transpileModule(code, { compilerOptions }).outputText
}

/** Inside this package, so that what a program imports is found, and outside node_modules, from where Deno runs no program. */
async function write(code: string, name: string): Promise<string> {
  const folder = new URL('contract/.local/readme/', root)
  await mkdir(folder, { recursive: true })
  const file = new URL(`${name}.mjs`, folder)
  await writeFile(file, code)
  return fileURLToPath(file)
}

/** Runs a program that listens on `PORT`, as a user would, and gives its address. */
async function run(code: string, name: string) {
  const file = await write(`import '${new URL('./report-port.mjs', import.meta.url)}'\n${code}`, name)
  const child = fork(file, { env: environment(0) })
  const [port] = await once(child, 'message')
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() }
}

/** As a user would start it. */
const environment = (port: number) => ({
  ...process.env,
  ZITADEL_DOMAIN: world.zitadel.issuer,
  ZITADEL_KEY_FILE: keyFile,
  PORT: String(port),
})

describe.each(readmes)('the first program of %s', (readme) => {
  it('protects its routes as it says', async () => {
    const { url, stop } = await run(await readExample(readme), readme.replaceAll(/\W/g, '-'))
    const { token } = world
    const admin = world.createUser(`admin of ${readme}`, 'admin').token
    const status = async (method: string, path: string, bearer: string) =>
      (await ask(url + path, { method, authorization: bearer === '' ? '' : `Bearer ${bearer}` })).status
    const answers = {
      health: await status('GET', '/healthz', ''),
      me: [await status('GET', '/api/me', ''), await status('GET', '/api/me', token)],
      tasks: [await status('POST', '/api/tasks', ''), await status('POST', '/api/tasks', token)],
      admin: await status('POST', '/api/tasks', admin),
    }
    stop()
    expect(answers).toEqual({ health: 200, me: [401, 200], tasks: [401, 403], admin: 201 })
  })

  it('fails, and says why, when its port is taken', async () => {
    const taken = createServer()
    await once(taken.listen(0), 'listening')
    const { port } = taken.address() as AddressInfo
    const file = await write(await readExample(readme), `${readme.replaceAll(/\W/g, '-')}-port`)
    const child = spawn(process.execPath, [file], { env: environment(port) })
    const [said, [code]] = await Promise.all([child.stderr.setEncoding('utf8').toArray(), once(child, 'exit')])
    taken.close()
    // Bun says that the port is in use, in words of its own.
    expect(said.join('')).toMatch(/EADDRINUSE|in use/)
    expect(code).not.toBe(0)
  })
})

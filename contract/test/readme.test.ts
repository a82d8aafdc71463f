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

/** Where the examples are, how they take a new task, and what an admin gets for it. */
const readmes = [
  { readme: 'README.md', method: 'DELETE', done: 204 },
  { readme: 'packages/core/README.md', method: 'POST', done: 200 },
  { readme: 'packages/express/README.md', method: 'POST', done: 201 },
  { readme: 'packages/fastify/README.md', method: 'POST', done: 201 },
  { readme: 'packages/fetch/README.md', method: 'POST', done: 201 },
  { readme: 'packages/koa/README.md', method: 'POST', done: 201 },
  { readme: 'packages/nest/README.md', method: 'POST', done: 201 },
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

/** The first block of code: JavaScript as it is, a diff with its additions made, TypeScript without its types. */
async function readExample(readme: string): Promise<string> {
  const text = await readFile(new URL(readme, root), 'utf8')
  const [, language, code = ''] = /```(js|ts|diff)\n(.*?)```/s.exec(text) ?? []
  if (language === 'ts') return ts.transpileModule(code, { compilerOptions }).outputText
  const additions = code.split('\n').filter((line) => !line.startsWith('-'))
  return language === 'diff' ? additions.map((line) => line.slice(1)).join('\n') : code
}

/** Runs a program that listens on `PORT`, as a user would, and gives its address. */
async function run(code: string, name: string) {
  // Inside this package, so that those it names are found, and outside node_modules, from where Deno runs no program.
  const folder = new URL('contract/.local/readme/', root)
  await mkdir(folder, { recursive: true })
  const file = new URL(`${name}.mjs`, folder)
  await writeFile(file, `import '${new URL('./report-port.mjs', import.meta.url)}'\n${code}`)
  const child = fork(fileURLToPath(file), {
    env: { ...process.env, ZITADEL_DOMAIN: world.zitadel.issuer, ZITADEL_KEY_FILE: keyFile, PORT: '0' },
  })
  const [port] = await once(child, 'message')
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() }
}

describe.each(readmes)('the example in $readme', ({ readme, method, done }) => {
  it('protects its routes as it says', async () => {
    const { url, stop } = await run(await readExample(readme), readme.replaceAll(/\W/g, '-'))
    const { token } = world
    const admin = world.createUser(`admin of ${readme}`, 'admin').token
    const status = async (method: string, path: string, bearer: string) =>
      (await ask(url + path, { method, authorization: bearer === '' ? '' : `Bearer ${bearer}` })).status
    const answers = {
      me: [await status('GET', '/api/me', ''), await status('GET', '/api/me', token)],
      tasks: [await status(method, '/api/tasks', ''), await status(method, '/api/tasks', token)],
      admin: await status(method, '/api/tasks', admin),
    }
    stop()
    expect(answers).toEqual({ me: [401, 200], tasks: [401, 403], admin: done })
  })
})

describe('the example in README.md', () => {
  it('fails, and says why, when its port is taken', async () => {
    const taken = createServer()
    await once(taken.listen(0), 'listening')
    const { port } = taken.address() as AddressInfo
    const file = new URL('contract/.local/readme/port.mjs', root)
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, await readExample('README.md'))
    const child = spawn(process.execPath, [fileURLToPath(file)], {
      env: { ...process.env, ZITADEL_DOMAIN: world.zitadel.issuer, ZITADEL_KEY_FILE: keyFile, PORT: String(port) },
    })
    const [said, [code]] = await Promise.all([child.stderr.setEncoding('utf8').toArray(), once(child, 'exit')])
    taken.close()
    // Bun says that the port is in use, in words of its own.
    expect(said.join('')).toMatch(/EADDRINUSE|in use/)
    expect(code).not.toBe(0)
  })
})

import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../src/ask.js'
import { createExampleFolder, writePrograms } from '../src/examples.js'
import { readBlocks } from '../src/guides.js'

/** Where a program stands first. */
const readmes = [
  'README.md',
  ...['core', 'express', 'fastify', 'fetch', 'koa', 'nest'].map((name) => `packages/${name}/README.md`),
  ...['express', 'fastify', 'hono', 'koa', 'nest', 'other-frameworks', 'secure-an-api'].map(
    (name) => `docs/${name}.md`,
  ),
]

let zitadel: LocalZitadel
let guide: GuideSetUp
let keyFile: string
beforeAll(async () => {
  zitadel = await startLocalZitadel()
  guide = setUpGuide(zitadel)
  zitadel.createRole(guide.project, 'admin')
  keyFile = await zitadel.writeKeyFile(guide.key)
})
afterAll(() => zitadel.close())

/** The token of an admin. */
function createAdmin(userName: string): string {
  const user = zitadel.createServiceUser({ userName })
  zitadel.grantRole(user, { project: guide.project, role: 'admin' })
  return zitadel.createPersonalAccessToken(user)
}

const folder = createExampleFolder('readme')

/** Writes the first program of a page: its first block, or the one that is called a server, with the files that it imports. */
function writeProgram(page: string): string {
  const [first, ...others] = readBlocks(page).filter(({ language }) => language === 'ts')
  const main = others.find(({ code }) => code.startsWith('// server.mts')) ?? first
  if (main === undefined) throw new Error(`${page} has no program`)
  return writePrograms(folder, page)(main)
}

const reportPort = fileURLToPath(new URL('./report-port.mjs', import.meta.url))

/** Runs a program that listens on `PORT`, as a user would, and gives its address. */
async function run(program: string) {
  const file = program.replace(/\.mjs$/, '-with-port.mjs')
  await writeFile(file, `import '${reportPort}'\nimport '${program}'\n`)
  const child = fork(file, { env: environment(0) })
  const [port] = await once(child, 'message')
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() }
}

/** As a user would start it. */
const environment = (port: number) => ({
  ...process.env,
  ZITADEL_DOMAIN: zitadel.issuer,
  ZITADEL_KEY_FILE: keyFile,
  PORT: String(port),
})

describe.each(readmes)('the first program of %s', (readme) => {
  it('protects its routes as it says', async () => {
    const { url, stop } = await run(writeProgram(readme))
    const { token } = guide
    const admin = createAdmin(`admin of ${readme}`)
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
    const child = spawn(process.execPath, [writeProgram(readme)], { env: environment(port) })
    const [said, [code]] = await Promise.all([child.stderr.setEncoding('utf8').toArray(), once(child, 'exit')])
    taken.close()
    // Bun says that the port is in use, in words of its own.
    expect(said.join('')).toMatch(/EADDRINUSE|in use/)
    expect(code).not.toBe(0)
  })
})

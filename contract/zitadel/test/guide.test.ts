import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { frameworks, type Program, run } from '../../../examples/tasks/test/program.js'
import { readPage, root } from '../../src/guides.js'
import type { ZitadelAdministration } from '../src/administration.js'
import { openZitadel } from '../src/open.js'
import { createClient, type GuideProject, keepKeyFile, setUpProject } from '../src/project.js'
import { soon } from '../src/soon.js'

const page = readPage('docs/secure-an-api.md')
let zitadel: ZitadelAdministration
let guide: GuideProject
const programs: Program[] = []

beforeAll(async () => {
  zitadel = await openZitadel()
  guide = await setUpProject(zitadel)
})
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.kill('SIGTERM')))
})
afterAll(() => zitadel?.removeAll())

/** Runs what the guide runs, and gives where the API listens. */
async function npmStart(framework: string): Promise<string> {
  const { path } = keepKeyFile(guide.key)
  const flags = ['--framework', framework, '--domain', zitadel.domain, '--key', path, '--port', '0']
  const program = run(join(root, 'scripts/start.mjs'), flags)
  programs.push(program)
  const [, address = ''] = await program.printed(/ server listening, .* addr=(\S+)\n/)
  return address
}

interface Exchange {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The answers of the page, in its order. */
function readExchanges(): readonly Exchange[] {
  return [...page.matchAll(/^```http\nHTTP\/1.1 (\d+) .*\n([\s\S]*?)\n\n([\s\S]*?)\n```$/gm)].map(
    ([, status, head = '', body = '']) => ({ status: Number(status), headers: readHead(head), body }),
  )
}

function readHead(head: string): Exchange['headers'] {
  const lines = [...head.matchAll(/^(.+?): (.*)$/gm)]
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name.toLowerCase(), value]))
}

async function ask(url: string, token?: string, task?: string): Promise<Exchange> {
  const response = await fetch(url, {
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    ...(task !== undefined && { method: 'POST', body: new URLSearchParams({ task }) }),
  })
  const body = (await response.text()).replace(/\n$/, '')
  return { status: response.status, headers: Object.fromEntries(response.headers), body }
}

describe.each(frameworks)('npm start -- --framework %s', (framework) => {
  it('answers as docs/secure-an-api.md says, and to an admin once the role is granted', async () => {
    const [healthz, anonymous, list, denied, added, fullList] = readExchanges()
    const client = await createClient(zitadel)
    const api = `${await npmStart(framework)}/api`

    expect(await ask(`${api}/healthz`)).toMatchObject(healthz as Exchange)
    expect(await ask(`${api}/tasks`)).toMatchObject(anonymous as Exchange)
    await vi.waitFor(async () => expect(await ask(`${api}/tasks`, client.token)).toMatchObject(list as Exchange), soon)
    expect(await ask(`${api}/add-task`, client.token)).toMatchObject(denied as Exchange)

    await zitadel.grantRole(client, guide.project, 'admin')
    await vi.waitFor(
      async () => expect(await ask(`${api}/add-task`, client.token, 'My new task')).toMatchObject(added as Exchange),
      soon,
    )
    expect(await ask(`${api}/tasks`, client.token)).toMatchObject(fullList as Exchange)
    expect(programs[0]?.output().stderr).toBe('')
  })
})

const execute = promisify(execFile)

/** The commands of the page for gRPC, and what they print. */
function readCommands(): readonly { readonly flags: readonly string[]; readonly printed: string }[] {
  const commands =
    /^```sh\nnode examples\/tasks-grpc\/dist\/client\.js localhost:8089 (.*)\n```\n[^`]*?\n```text\n(.*)\n```$/gm
  return [...page.matchAll(commands)].map(([, flags = '', printed = '']) => ({
    flags: [...flags.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
    printed,
  }))
}

describe('npm start -- --framework grpc', () => {
  it('answers as docs/secure-an-api.md says, and to an admin once the role is granted', async () => {
    const [healthz, anonymous, list, denied, added] = readCommands()
    const client = await createClient(zitadel)
    const address = await npmStart('grpc')
    const main = join(root, 'examples/tasks-grpc/dist/client.js')
    const call = async (flags: readonly string[] = []): Promise<string> => {
      const filled = flags.map((flag) => flag.replace('$token', client.token))
      const { stdout } = await execute(process.execPath, [main, address, ...filled]).catch((failed) => failed)
      return stdout.trimEnd()
    }

    expect(await call(healthz?.flags)).toBe(healthz?.printed)
    expect(await call(anonymous?.flags)).toBe(anonymous?.printed)
    await vi.waitFor(async () => expect(await call(list?.flags)).toBe(list?.printed), soon)
    expect(await call(denied?.flags)).toBe(denied?.printed)

    await zitadel.grantRole(client, guide.project, 'admin')
    await vi.waitFor(async () => expect(await call(added?.flags)).toBe(added?.printed), soon)
    expect(programs[0]?.output().stderr).toBe('')
  })
})

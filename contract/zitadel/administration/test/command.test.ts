import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Program, run } from '../../../../examples/tasks/test/program.js'
import { root } from '../../../src/guides.js'
import { startRecorder } from './recorder.js'

/** Runs the command, which does not outlive the test. */
function runCommand(...flags: readonly string[]): Program {
  const program = run(join(root, 'scripts/test-zitadel.mjs'), flags)
  onTestFinished(async () => void (await program.kill('SIGTERM')))
  return program
}

function writeTokenFile(content: string): string {
  const temporary = mkdtempSync(join(tmpdir(), 'zitadel-run-'))
  onTestFinished(() => rmSync(temporary, { recursive: true }))
  const path = join(temporary, 'admin.pat')
  writeFileSync(path, content)
  return path
}

const folder = join(root, 'node_modules/.workspace/zitadel')
const toPrefix = (origin: string): string => createHash('sha256').update(origin).digest('hex').slice(0, 16)

/** What runs have on disk for a ZITADEL: journals, and folders of key files. */
function listFiles(origin: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.startsWith(toPrefix(origin)))
}

/** What a run has left in which process 4194304 was killed: on Linux there is no such process. */
function leaveJournal(origin: string): void {
  const path = join(folder, `${toPrefix(origin)}-4194304`)
  mkdirSync(path, { recursive: true })
  writeFileSync(`${path}.jsonl`, '{"kind":"user","id":"left-behind"}\n{"kind":"us')
}

const whoAmI = {
  'GET /oidc/v1/userinfo': { body: { sub: 'admin-1' } },
  'GET /v2/users/admin-1': { body: { user: { details: { resourceOwner: 'org-1' } } } },
}
const deleteProject = 'POST /zitadel.project.v2.ProjectService/DeleteProject'

describe('npm run test:zitadel', () => {
  it('removes what it made when it is stopped, what a killed run has left too, and never shows the token', async () => {
    const { origin, received, until } = await startRecorder({
      ...whoAmI,
      'DELETE /v2/users/left-behind': { status: 404 },
      'POST /v2/users/new': {},
      'POST /v2/users/*/pats': 'never',
      'DELETE /v2/users/*': {},
      'POST /zitadel.project.v2.ProjectService/CreateProject': {},
      'POST /zitadel.project.v2.ProjectService/AddProjectRole': 'never',
      [deleteProject]: {},
    })
    leaveJournal(origin)
    const tokenFile = writeTokenFile('the-admin-token\n')
    const program = runCommand('--domain', origin, '--admin-token-file', tokenFile)
    await until('POST /zitadel.project.v2.ProjectService/AddProjectRole')

    expect(await program.kill('SIGINT')).toBe(1)
    const made = received.filter(({ request }) => request.endsWith('/CreateProject'))
    const removed = received.filter(({ request }) => request === deleteProject)
    const toId = ({ body }: { readonly body: unknown }): unknown => Object(body).projectId
    expect(removed.map(toId).sort()).toEqual(made.map(toId).sort())
    expect(received[0]).toMatchObject({ request: 'DELETE /v2/users/left-behind' })
    expect(listFiles(origin)).toEqual([])
    const { stdout, stderr } = program.output()
    expect(stdout).toMatch(/what this run made has been removed\n\nstopped\n$/)
    expect(`${stdout}${stderr}`).not.toContain('the-admin-token')
  })

  it('removes what it made when a request of its own fails, says which it was, and fails', async () => {
    const { origin, received } = await startRecorder({
      ...whoAmI,
      'POST /zitadel.project.v2.ProjectService/CreateProject': {
        status: 403,
        body: { code: 'permission_denied', message: 'No matching permissions found (AUTH-5mWD2)' },
      },
      'POST /v2/users/new': { status: 403 },
      [deleteProject]: { status: 404 },
      'DELETE /v2/users/*': { status: 404 },
    })
    const tokenFile = writeTokenFile('the-admin-token')
    const program = runCommand('--domain', origin, '--admin-token-file', tokenFile)

    expect(await program.ended).toBe(1)
    const { stdout, stderr } = program.output()
    expect(stderr).toContain(
      'CreateProject (POST /zitadel.project.v2.ProjectService/CreateProject) failed: 403 No matching',
    )
    expect(stdout).toMatch(/what this run made has been removed\n$/)
    expect(received.filter(({ request }) => request === deleteProject)).not.toHaveLength(0)
    expect(`${stdout}${stderr}`).not.toContain('the-admin-token')
  })

  it('explains itself, before it installs and builds anything', async () => {
    const program = runCommand('--help')
    expect(await program.ended).toBe(0)
    expect(program.output()).toEqual({
      stdout: expect.stringMatching(/^npm run test:zitadel: .*\n\nusage: [\s\S]+--domain [\s\S]+--admin-token-file /),
      stderr: '',
    })
  })

  const good = () => writeTokenFile('the-admin-token')
  it.each<[string, () => readonly string[], RegExp]>([
    ['an unknown option', () => ['--admin-token', 'x'], /Unknown option '--admin-token'/],
    ['a stray word', () => ['zitadel.example'], /Unexpected argument 'zitadel.example'/],
    ['a domain alone', () => ['--domain', 'zitadel.example'], /come together/],
    ['a token alone', () => ['--admin-token-file', good()], /come together/],
    ['no such file', () => withFile('/nowhere/admin.pat'), /is not there/],
    ['a folder', () => withFile(tmpdir()), /is no file/],
    ['an empty file', () => withFile(writeTokenFile('\n')), /does not hold one token/],
    ['a file of two lines', () => withFile(writeTokenFile('the-admin\ntoken')), /does not hold one token/],
    ['a malformed domain', () => ['--domain', 'a b', '--admin-token-file', good()], /not a host name/],
    [
      'plain http',
      () => ['--domain', 'http://a.example', '--admin-token-file', good()],
      /plain http to another machine/,
    ],
  ])('says in one line what is wrong with %s', async (_, toFlags, line) => {
    const program = runCommand(...toFlags())
    expect(await program.ended).toBe(1)
    const { stdout, stderr } = program.output()
    expect(stdout).toBe('')
    expect(stderr).toMatch(line)
    expect(stderr).toMatch(/^cannot run: [^\n]+\n$/)
    expect(stderr).not.toContain('the-admin')
  })

  const withFile = (path: string): readonly string[] => ['--domain', 'zitadel.example', '--admin-token-file', path]
})

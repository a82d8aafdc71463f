import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type GuideSetUp, type LocalZitadel, setUpGuide, startLocalZitadel } from '@org/zitadel-auth-testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../src/guides.js'

let zitadel: LocalZitadel
let guide: GuideSetUp
let args: readonly string[]
beforeAll(async () => {
  zitadel = await startLocalZitadel()
  guide = setUpGuide(zitadel)
  args = ['doctor', '--domain', zitadel.issuer, '--key', await zitadel.writeKeyFile(guide.key), '--token', '-']
})
afterAll(() => zitadel.close())

/** Runs the program as npx does, from the built package. */
async function run(argv: readonly string[], input: string) {
  const program = spawn(process.execPath, [join(root, 'packages/core/bin/zitadel-auth.js'), ...argv])
  program.stdin.end(input)
  const [out, err, [exitCode]] = await Promise.all([text(program.stdout), text(program.stderr), once(program, 'exit')])
  return { exitCode, out, err }
}

/** Runs the program in a shell, where its output can go elsewhere; the exit code stands at the end of the errors. */
async function runInShell(where: string, argv: readonly string[]) {
  const command = `{ "$@"; echo "exit $?" >&2; } ${where}`
  const program = [process.execPath, join(root, 'packages/core/bin/zitadel-auth.js'), ...argv]
  const shell = spawn('sh', ['-c', command, 'sh', ...program])
  shell.stdin.end()
  const [out, err] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, 'exit')])
  return { out, err }
}

describe('the program zitadel-auth', () => {
  it('ends with 0 where all is well, without colours in a pipe', async () => {
    const { exitCode, out, err } = await run(args, `${guide.token}\n`)

    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
    expect(out).toContain('✓ token at ZITADEL      active\n')
    expect(out).not.toContain('\u001b')
  })

  it('ends with 1 where something is wrong', async () => {
    const token = zitadel.issueAccessToken(guide.user, { scopes: ['openid'] })

    const { exitCode, out, err } = await run([...args, '--json'], token)

    expect({ exitCode, err }).toEqual({ exitCode: 1, err: '' })
    expect(JSON.parse(out)).toMatchObject({ ok: false })
  })

  it('ends with 2 where it was called wrongly', async () => {
    const { exitCode, out, err } = await run(['doctor'], '')

    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
    expect(err).toBe('zitadel-auth: --domain is missing\n  see npx @org/zitadel-auth doctor --help\n')
  })

  it('says nothing about a reader that has gone, and keeps its exit code', async () => {
    expect(await runInShell('| true', ['doctor', '--domain', 'zitadel.invalid'])).toEqual({ out: '', err: 'exit 1\n' })
    expect(await runInShell('| true', ['--help'])).toEqual({ out: '', err: 'exit 0\n' })
  })

  it('says in a line that there is no room for what it writes, and does not end with 0', async () => {
    const { err } = await runInShell('> /dev/full', ['--help'])

    expect(err).toBe('zitadel-auth: the output cannot be written (ENOSPC)\nexit 1\n')
  })

  it('reads no standard input without end', async () => {
    const { err } = await runInShell('< /dev/zero', args)

    expect(err.replace(/\n +/, ' ')).toContain('the standard input is longer than 64 KiB')
    expect(err).toContain('exit 2')
  })

  it('reads no file without end', async () => {
    const { err } = await runInShell('', [...args.slice(0, 5), '--token', '/dev/zero'])

    expect(err.replace(/\n +/, ' ')).toContain('the file of --token is longer than 64 KiB')
    expect(err).toContain('exit 2')
  })
})

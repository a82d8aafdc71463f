import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createZitadelAuth } from '@org/zitadel-auth'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runCli } from '../src/cli/run-cli.js'
import { startLocalZitadel } from '../src/index.js'

let stopping: AbortController
let complaints: string[]
let printed: Promise<string>
let run: (...argv: string[]) => Promise<number>
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-test-'))
  stopping = new AbortController()
  complaints = []
  let print = (_text: string) => {}
  printed = new Promise((resolve) => {
    print = resolve
  })
  const complain = (text: string) => void complaints.push(text)
  run = (...argv) => runCli(argv, { print, complain, stop: stopping.signal })
})
afterEach(async () => {
  stopping.abort()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const readLine = (text: string, name: string) => new RegExp(`^${name} +(.+)$`, 'm').exec(text)?.[1] ?? ''

describe('zitadel-local', () => {
  it('prints what to paste, and what it prints works', async () => {
    const exitCode = run('--port', '0')
    const text = await printed
    const issuer = readLine(text, 'issuer')
    const [, form = '', url = ''] = /curl --data '(.+)' (.+)/.exec(readLine(text, 'grant role')) ?? []
    const granted = await fetch(url, { method: 'POST', body: new URLSearchParams(form) })
    stopping.abort()

    expect(url).toBe(`${issuer}/local/grants`)
    expect(await granted.text()).toBe('granted `admin` to tasks-client\n')
    expect(readLine(text, 'token').split('.')).toHaveLength(5)
    expect(await exitCode).toBe(0)
    expect(complaints).toEqual([])
  })

  it('stops listening and removes its key file at the end', async () => {
    const exitCode = run('--port', '0')
    const text = await printed
    const path = readLine(text, 'key file')
    const key = JSON.parse(await readFile(path, 'utf8'))
    stopping.abort()

    expect(key).toMatchObject({ type: 'application' })
    expect(await exitCode).toBe(0)
    expect(existsSync(path)).toBe(false)
    await expect(fetch(readLine(text, 'issuer'))).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  })

  it('writes over its own key file from before', async () => {
    const path = join(folder, 'api.json')
    const first = run('--port', '0', '--key', path)
    await printed
    stopping.abort()
    const before = await readFile(path, 'utf8')

    expect(await first).toBe(0)
    expect(await run('--port', '0', '--key', path)).toBe(0)
    expect(await readFile(path, 'utf8')).not.toBe(before)
    expect(complaints).toEqual([])
  })

  it('writes over another file when it is forced to', async () => {
    const path = join(folder, 'api.json')
    await writeFile(path, '{"type":"application"}')
    stopping.abort()

    expect(await run('--port', '0', '--key', path, '--force')).toBe(0)
    expect(JSON.parse(await readFile(path, 'utf8'))).toHaveProperty('keyId')
  })

  it('writes a key file that says it is not ZITADEL’s, and that a reader of keys takes', async () => {
    const path = join(folder, 'api.json')
    const exitCode = run('--port', '0', '--key', path)
    const issuer = readLine(await printed, 'issuer')
    const auth = createZitadelAuth({ domain: issuer, keyFile: path })
    await auth.ready()
    stopping.abort()

    expect(JSON.parse(await readFile(path, 'utf8'))).toHaveProperty('createdBy', 'zitadel-local')
    expect(await exitCode).toBe(0)
  })

  it('writes the key file where it is told to, and leaves it there', async () => {
    const path = join(folder, 'api.json')
    const exitCode = run('--port', '0', '--key', path)
    const text = await printed
    stopping.abort()

    expect(readLine(text, 'key file')).toBe(path)
    expect(await exitCode).toBe(0)
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ type: 'application' })
  })

  it('ends at once when it was stopped while it started', async () => {
    stopping.abort()

    expect(await run('--port', '0')).toBe(0)
  })

  it('explains itself', async () => {
    const exitCode = await run('--help')

    expect(exitCode).toBe(0)
    expect(await printed).toContain('usage: npx --no-install zitadel-local [--port 8080] [--key ./api.json] [--force]')
  })
})

describe('zitadel-local fails with one line that says what to do', () => {
  for (const [argv, complaint] of [
    [['--prot', '1'], "Unknown option '--prot'; see npx --no-install zitadel-local --help"],
    [['--port'], "Option '--port <value>' argument missing; see npx --no-install zitadel-local --help"],
    [['8080'], "Unexpected argument '8080'; see npx --no-install zitadel-local --help"],
    [['--port', 'http'], '--port takes a number from 0 to 65535, not "http"'],
    [['--port', '65536'], '--port takes a number from 0 to 65535, not "65536"'],
    [['--key', ''], '--key takes the path of a file, not ""'],
    [['--key='], '--key takes the path of a file, not ""'],
    [['--port=-1'], '--port takes a number from 0 to 65535, not "-1"'],
  ] as const) {
    it(`for ${argv.join(' ')}`, async () => {
      expect(await run(...argv)).toBe(1)
      expect(complaints).toEqual([`zitadel-local: ${complaint}\n`])
    })
  }

  it('when the port is in use', async () => {
    await using zitadel = await startLocalZitadel()
    const { port } = new URL(zitadel.issuer)

    expect(await run('--port', port)).toBe(1)
    expect(complaints).toEqual([
      `zitadel-local: port ${port} is in use: stop the other program, or choose another port with --port\n`,
    ])
  })

  for (const content of ['{"type":"application","keyId":"1"}', '', 'null', '[]', 'not JSON']) {
    it(`when the key file would take the place of ${JSON.stringify(content)}, which stays`, async () => {
      const path = join(folder, 'api.json')
      await writeFile(path, content)
      stopping.abort()

      expect(await run('--port', '0', '--key', path)).toBe(1)
      expect(complaints).toEqual([
        `zitadel-local: ${path} exists and is not a key file of zitadel-local: choose another file with --key, or overwrite it with --force\n`,
      ])
      expect(await readFile(path, 'utf8')).toBe(content)
    })
  }

  it('when there is no folder for temporary files', async () => {
    vi.stubEnv('TMPDIR', join(folder, 'no'))

    expect(await run('--port', '0')).toBe(1)
    expect(complaints).toEqual([
      `zitadel-local: cannot write a key file to ${join(folder, 'no')} (ENOENT): choose a file with --key\n`,
    ])
  })

  it('when the key file cannot be written', async () => {
    const path = join(folder, 'no', 'api.json')

    expect(await run('--port', '0', '--key', path)).toBe(1)
    expect(complaints).toEqual([`zitadel-local: cannot write ${path} (ENOENT): choose another file with --key\n`])
  })
})

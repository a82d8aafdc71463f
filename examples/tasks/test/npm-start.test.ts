import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { collect, frameworks, run } from './program.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const start = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url))
const shell = promisify(execFile)

describe('npm start', () => {
  it.each(frameworks)('runs the tasks API on %s, and what it prints can be pasted', async (framework) => {
    const program = run(start, ['--framework', framework, '--port', '0'])
    const [text] = await program.printed(/In another terminal[\s\S]*\/api\/tasks\n\n/)
    const commands = text.split('\n').filter((line) => line.startsWith('  '))

    const { stdout } = await shell('sh', [
      '-c',
      commands.map((line) => line.replace('curl -i', 'curl -si')).join('\necho\n'),
    ])

    expect(stdout.match(/^HTTP\/1.1 \d+/gm)).toEqual(
      [200, 401, 200, 403, 200, 200, 200].map((status) => `HTTP/1.1 ${status}`),
    )
    expect(stdout).toContain('{"tasks":["My new task","create a new task on /api/add-task"]}')
    expect(await program.kill('SIGINT')).toBe(0)
    expect(program.output().stderr).toBe('')
  })

  it.each(['jwt', 'auto'])('does so with --verification %s too', async (verification) => {
    const program = run(start, ['--verification', verification, '--port', '0'])
    const [text] = await program.printed(/In another terminal[\s\S]*\/api\/tasks\n\n/)
    const commands = text.split('\n').filter((line) => line.startsWith('  '))

    const { stdout } = await shell('sh', ['-c', commands.join('\necho\n')])

    expect(stdout.match(/^HTTP\/1.1 \d+/gm)).toEqual(
      [200, 401, 200, 403, 200, 200, 200].map((status) => `HTTP/1.1 ${status}`),
    )
    await program.kill('SIGINT')
  })

  it('explains itself, before it installs and builds anything', async () => {
    const program = run(start, ['--help'])

    expect(await program.ended).toBe(0)
    expect(program.output()).toEqual({
      stdout: expect.stringMatching(/^npm start: [\s\S]+--framework [\s\S]+--port /),
      stderr: '',
    })
    expect(program.output().stdout).not.toMatch(/Installing|Building/)
  })

  it('can run twice, and each takes away its own key file', async () => {
    const programs = [run(start, ['--port', '0']), run(start, ['--port', '0'])]
    const texts = await Promise.all(programs.map((program) => program.printed(/key file of this API at (\S+)\./)))
    const [first = '', second = ''] = texts.map(([, keyFile]) => keyFile)
    await programs[0]?.kill('SIGTERM')
    const afterFirst = [existsSync(first), existsSync(second)]
    await programs[1]?.kill('SIGTERM')

    expect(first).not.toBe(second)
    expect(afterFirst).toEqual([false, true])
    expect(existsSync(second)).toBe(false)
  })

  it('ends with the npm that runs it', async () => {
    const npm = spawn('npm', ['start', '--', '--port', '0'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    const [, url = ''] = await collect(npm, 'stdout').matches(/ addr=(\S+)\n/)
    npm.kill('SIGTERM')

    await expect.poll(() => fetch(url).catch(() => 'gone'), { timeout: 20_000 }).toBe('gone')
  })

  it.each([
    [['--framework', 'nonesuch'], /^cannot start: --framework must be one of .*express.*\n$/],
    [['--framework'], /^cannot start: --framework must be one of .*express.*\n$/],
    [['--prot', '1'], /^cannot start: Unknown option '--prot'[^\n]*\n$/],
    [['--domain', 'my-domain.zitadel.cloud'], /^cannot start: --key is missing[^\n]*\n$/],
  ])('says in one line what is wrong with %j', async (flags, line) => {
    const program = run(start, flags)
    expect(await program.ended).toBe(1)
    expect(program.output().stderr).toMatch(line)
  })
})

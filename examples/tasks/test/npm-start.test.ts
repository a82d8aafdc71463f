import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { frameworks, run } from './program.js'

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

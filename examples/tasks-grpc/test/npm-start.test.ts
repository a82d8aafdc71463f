import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { run } from '../../tasks/test/program.js'

const start = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url))
const shell = promisify(execFile)

describe('npm start', () => {
  it('runs the tasks API on gRPC, and what it prints can be pasted', async () => {
    const program = run(start, ['--framework', 'grpc', '--port', '0'])
    const [text] = await program.printed(/In another terminal[\s\S]*AddTask "My new task"[\s\S]*\n\n/)
    const commands = text.split('\n').filter((line) => line.startsWith('  '))

    const { stdout } = await shell('sh', ['-c', [...commands, 'true'].join('\n').replaceAll('curl -i', 'curl -s')])

    expect(stdout.match(/^(\{("health|"tasks|"added)|[A-Z_]+:).*$/gm)).toEqual([
      '{"health":"OK"}',
      'UNAUTHENTICATED: unauthorized: authorization header is empty',
      '{"tasks":[]}',
      'PERMISSION_DENIED: permission denied: missing required role: `admin`',
      '{"added":"task `My new task` added"}',
      '{"tasks":["My new task","create a new task with `AddTask`"]}',
    ])
    expect(await program.kill('SIGINT')).toBe(0)
    expect(program.output().stderr).toBe('')
  })
})

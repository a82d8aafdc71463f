import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { run } from '../../tasks/test/program.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const start = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url))
const shell = promisify(execFile)

describe('npm start -- --framework mcp', () => {
  it('runs the MCP server, and what it prints can be pasted', async () => {
    const program = run(start, ['--framework', 'mcp', '--port', '0'])
    const [text] = await program.printed(/In another terminal[\s\S]*ends it:\n\n(?: {2}.*\n)+/)
    const commands = text.split('\n').filter((line) => line.startsWith('  '))

    // A client that is refused ends with 1, which is no failure here.
    const script = commands.map((line) => `${line.replace('curl -i', 'curl -si')} || true`).join('\necho\n')
    const { stdout } = await shell('sh', ['-c', script], { cwd: root })

    const lines = stdout.split('\n')
    expect(lines.filter((line) => /^POST \S+\/mcp (401|503) /.test(line)).map((line) => line.split(' ')[2])).toEqual([
      '401',
      '401',
      '401',
      '503',
    ])
    expect(lines.filter((line) => /^(add|list)_task/.test(line))).toEqual([
      'add_task: error: permission denied: missing required role: `admin`',
      'list_tasks: []',
      'add_task: task `My new task` added',
      'list_tasks: ["My new task","add a task with the tool add_task"]',
    ])
    expect(stdout).toMatch(/^POST \S+\/mcp 503 5\n.*service unavailable: the token cannot be verified right now/m)
    expect(await program.kill('SIGINT')).toBe(0)
    expect(program.output().stderr).toBe('')
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type World } from './world.js'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

/** What somebody might type in the place of a file. */
const secret = `eyJ${'a1B2'.repeat(30)}`

const misuses: readonly (readonly [string, readonly string[], string])[] = [
  ['no command', [], 'the command is doctor'],
  ['another command', ['nurse'], 'the command is doctor'],
  ['no domain', ['doctor'], '--domain is missing'],
  ['an unknown option', ['doctor', '--domian', 'x'], '--domian is unknown'],
  ['an option without its value', ['doctor', '--domain'], '--domain is unknown, or lacks its value'],
  [
    'a secret on the command line',
    ['doctor', '--domain', 'x', `--client-secret=${secret}`],
    '--client-secret is unknown',
  ],
  ['a token on the command line', ['doctor', '--domain', 'x', secret], '--token -'],
  ['a token in the place of its file', ['doctor', '--domain', 'x', '--token', secret], 'holds what it should name'],
  ['a token as the command', [secret], 'the command is doctor'],
  ['a client id without its secret', ['doctor', '--domain', 'x', '--client-id', '1'], 'go together'],
  [
    'two kinds of credentials',
    ['doctor', '--domain', 'x', '--key', 'k', '--client-id', '1', '--client-secret-file', 'f'],
    'not both',
  ],
  [
    'a token file that is not there',
    ['doctor', '--domain', 'x', '--token', '/nowhere'],
    '--token cannot be read (ENOENT)',
  ],
  ...['domain', 'internal-url', 'project-id', 'client-id', 'client-secret-file', 'key', 'token', 'timeout-ms'].map(
    (name) => [`an empty --${name}`, ['doctor', `--${name}`, ''], `--${name} is empty`] as const,
  ),
  ['two domains', ['doctor', '--domain', 'x', '--domain', 'y'], 'examine one name at a time'],
  ['two keys', ['doctor', '--domain', 'x', '--key', 'k', '--key', 'l'], '--key is given twice'],
  ['a token in the place of the domain', ['doctor', '--domain', secret], '--domain looks like a token'],
  ['a token in the place of an address', ['doctor', '--domain', 'x', '--internal-url', secret], 'looks like a token'],
  ['a token in the place of the project', ['doctor', '--domain', 'x', '--project-id', secret], 'looks like a token'],
  [
    'an opaque token in the place of the project',
    ['doctor', '--domain', 'x', '--project-id', secret.slice(3)],
    '--project-id looks like a token',
  ],
  [
    'a token in the place of the client',
    ['doctor', '--domain', 'x', '--client-id', secret, '--client-secret-file', 'f'],
    'looks like a token',
  ],
  ['a token in the place of the key', ['doctor', '--domain', 'x', '--key', secret], 'holds what it should name'],
  ['an empty standard input', ['doctor', '--domain', 'x', '--token', '-'], 'the standard input is empty'],
  ['a deadline that is none', ['doctor', '--domain', 'x', '--timeout-ms', 'soon'], '--timeout-ms is a whole number'],
]

describe('zitadel-auth', () => {
  it.each(misuses)('refuses %s with exit code 2, and repeats no value', async (_name, args, words) => {
    const { exitCode, text, complaints } = await world.run(args)

    expect(exitCode).toBe(2)
    expect(text).toBe('')
    expect(complaints.replaceAll('\n ', '')).toContain(words)
    expect(complaints).not.toContain(secret.slice(3, 20))
    expect(complaints).toContain('\n  see npx @org/zitadel-auth doctor --help\n')
  })

  it('says in JSON to a program how it was called wrongly', async () => {
    const { exitCode, text } = await world.run(['doctor', '--json', '--key', ''])

    expect(exitCode).toBe(2)
    expect(JSON.parse(text)).toEqual({ ok: false, error: '--key is empty: is the environment variable set?' })
  })

  it('explains itself in 80 columns', async () => {
    const { exitCode, text } = await world.run(['--help'])

    expect(exitCode).toBe(0)
    expect(text).toContain('--token')
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([])
  })
})

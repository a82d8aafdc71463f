import { parseArgs } from 'node:util'
import { isVariableSet } from '../internal/read-option.js'
import { UsageError } from './usage-error.js'

const options = {
  domain: { type: 'string' },
  'internal-url': { type: 'string' },
  'allow-insecure-http': { type: 'boolean' },
  key: { type: 'string' },
  'client-id': { type: 'string' },
  'client-secret-file': { type: 'string' },
  'project-id': { type: 'string' },
  token: { type: 'string' },
  'timeout-ms': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** What ids and names of hosts never look like: a JWT, or a random text; a label of a name has at most 63 characters. */
const secretLike = /eyJ|[\w-]{64}/

/** Those whose value the doctor repeats. A path is repeated only where there is such a file. */
const repeated: readonly string[] = ['domain', 'internal-url', 'project-id', 'client-id']

/**
 * Splits the command line into options and the rest.
 *
 * @throws `UsageError`: for an option that is unknown, lacks its value, is empty, is given twice, or holds what looks like a token
 */
export function parseOptions(argv: readonly string[]) {
  const { values, positionals, tokens } = parse(argv)
  const seen = new Set<string>()
  for (const token of tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue
    requireSensible(token.name, token.value)
    if (seen.has(token.name)) throw new UsageError(`--${token.name} is given twice${hints[token.name] ?? ''}`)
    seen.add(token.name)
  }
  return { values, positionals }
}

const hints: Readonly<Record<string, string>> = { domain: ': examine one name at a time' }

function requireSensible(name: string, value: string): void {
  if (value.trim() === '') throw new UsageError(`--${name} is empty: ${isVariableSet}`)
  if (repeated.includes(name) && secretLike.test(value)) {
    throw new UsageError(
      `--${name} looks like a token or a secret, so it is not repeated here; what was given is in the history of the shell now`,
    )
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, tokens: true })
  } catch (cause) {
    // Up to the value, which may be a secret: `--client-secret=…`.
    const [, name] = /'(--?[a-z][a-z-]{0,30})/.exec((cause as Error).message) ?? []
    throw new UsageError(`${name ?? 'an option'} is unknown, or lacks its value`, { cause })
  }
}

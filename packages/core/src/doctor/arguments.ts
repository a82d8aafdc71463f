import { parseArgs } from 'node:util'
import { readTimeout } from '../internal/read-option.js'
import { UsageError } from './usage-error.js'

/** What `zitadel-auth doctor` is told. Secrets are in files alone: a command line shows in the list of processes. */
export interface DoctorArguments {
  readonly domain: string
  readonly internalUrl: string | undefined
  readonly allowInsecureHttp: boolean
  readonly keyFile: string | undefined
  readonly clientId: string | undefined
  readonly clientSecretFile: string | undefined
  readonly projectId: string | undefined
  /** A path, or `-` for the standard input. */
  readonly tokenFile: string | undefined
  readonly timeoutMs: number
  readonly json: boolean
}

/** What `--help` prints. */
export const usage = `zitadel-auth doctor: says why an API does not accept a token of ZITADEL

usage: npx @org/zitadel-auth doctor --domain my-domain.zitadel.cloud
         [--key key.json] [--project-id ID] [--token FILE]

  --domain              the domain of ZITADEL: the issuer of its tokens
  --internal-url        where this machine reaches it, if that is elsewhere
  --allow-insecure-http plain http to other machines, as in a cluster
  --key                 the key file of the API application, or
  --client-id           its client id, with
  --client-secret-file    the file that holds its secret
  --project-id          the id of the API's project
  --token               the file that holds a token to examine, - for stdin
  --timeout-ms          the deadline of a request (default 5000)
  --json                print JSON
  --help                this text

exit code: 0 all is well, 1 something is wrong, 2 it was called wrongly
`

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

/**
 * Reads the command line. Messages repeat nothing of it but names of options: somebody may have put a token there.
 *
 * @returns undefined when help is asked for
 * @throws {UsageError} for another command, an unknown option, or options that do not go together
 */
export function readArguments(argv: readonly string[]): DoctorArguments | undefined {
  const { values, positionals } = parse(argv)
  if (values.help === true) return undefined
  requireCommand(positionals)
  const { domain, key: keyFile } = values
  if (domain === undefined || domain === '') throw new UsageError('--domain is missing')
  const clientId = values['client-id']
  const clientSecretFile = values['client-secret-file']
  if ((clientId === undefined) !== (clientSecretFile === undefined)) {
    throw new UsageError('--client-id and --client-secret-file go together')
  }
  if (keyFile !== undefined && clientId !== undefined) throw new UsageError('give --key or --client-id, not both')
  return {
    domain,
    internalUrl: values['internal-url'],
    allowInsecureHttp: values['allow-insecure-http'] ?? false,
    keyFile,
    clientId,
    clientSecretFile,
    projectId: values['project-id'],
    tokenFile: values.token,
    timeoutMs: readTimeoutMs(values['timeout-ms'] ?? '5000'),
    json: values.json ?? false,
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (cause) {
    // Up to the value, which may be a secret: `--client-secret=…`.
    const [, name] = /'(--?[a-z][a-z-]{0,30})/.exec((cause as Error).message) ?? []
    throw new UsageError(`${name ?? 'an option'} is unknown, or lacks its value`, { cause })
  }
}

function requireCommand([command, ...others]: readonly string[]): void {
  if (command !== 'doctor') throw new UsageError('the command is doctor')
  if (others.length > 0) {
    throw new UsageError('too many arguments; a token belongs into a file or to the standard input (--token -)')
  }
}

function readTimeoutMs(text: string): number {
  try {
    return readTimeout(Number(text))
  } catch {
    throw new UsageError('--timeout-ms is a whole number of milliseconds')
  }
}

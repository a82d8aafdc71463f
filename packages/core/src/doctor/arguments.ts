import { readTimeout } from '../internal/read-option.js'
import { parseOptions } from './parse-options.js'
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

/**
 * Reads the command line. Messages repeat nothing of it but names of options: somebody may have put a token there.
 *
 * @returns undefined when help is asked for
 * @throws `UsageError`: for another command, an unknown option, or options that do not go together
 */
export function readArguments(argv: readonly string[]): DoctorArguments | undefined {
  const { values, positionals } = parseOptions(argv)
  if (values.help === true) return undefined
  requireCommand(positionals)
  const { domain, key: keyFile } = values
  if (domain === undefined) throw new UsageError('--domain is missing')
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

import { parseArgs } from 'node:util'
import { CliError } from './cli-error.js'

const DEFAULT_PORT = 8080
const HIGHEST_PORT = 65_535

/** With `--no-install`: npx would fetch a stranger's package of this name where ours is not installed. */
const COMMAND = 'npx --no-install zitadel-local'

export const USAGE = `zitadel-local: a local ZITADEL for development

usage: ${COMMAND} [--port 8080] [--key ./api.json] [--force]

  --port  where to listen on 127.0.0.1 (default ${DEFAULT_PORT}; 0 takes any free port)
  --key   where to write the application's key file (default: a temporary file, removed at the end)
  --force overwrite the file of --key also when zitadel-local did not write it
  --help  this text
`

export interface CliArguments {
  readonly help: boolean
  readonly port: number
  readonly keyPath: string | undefined
  readonly force: boolean
}

/**
 * Reads the command line.
 *
 * @throws `CliError`: for an unknown option, an option without its value, or a port or a path that is none.
 */
export function readArguments(argv: readonly string[]): CliArguments {
  const { help = false, port = String(DEFAULT_PORT), key, force = false } = parse(argv)
  return { help, port: readPort(port), keyPath: readKeyPath(key), force }
}

function parse(argv: readonly string[]) {
  try {
    const options = {
      port: { type: 'string' },
      key: { type: 'string' },
      force: { type: 'boolean' },
      help: { type: 'boolean' },
    } as const
    return parseArgs({ args: [...argv], options }).values
  } catch (cause) {
    // Node's message goes on with advice about positional arguments, which there are none of.
    const [problem] = String((cause as Error).message).split('. ')
    throw new CliError(`${problem}; see ${COMMAND} --help`, { cause })
  }
}

function readKeyPath(path: string | undefined): string | undefined {
  if (path === '') throw new CliError('--key takes the path of a file, not ""')
  return path
}

function readPort(port: string): number {
  if (!/^\d+$/.test(port) || Number(port) > HIGHEST_PORT)
    throw new CliError(`--port takes a number from 0 to ${HIGHEST_PORT}, not "${port}"`)
  return Number(port)
}

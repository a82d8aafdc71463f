import { parseArgs } from 'node:util'
import { CliError } from './cli-error.js'

const DEFAULT_PORT = 8080
const HIGHEST_PORT = 65_535

export const USAGE = `zitadel-local: a local ZITADEL for development

usage: zitadel-local [--port 8080] [--key ./api.json]

  --port  where to listen on 127.0.0.1 (default ${DEFAULT_PORT}; 0 takes any free port)
  --key   where to write the application's key file (default: a temporary file, removed at the end)
  --help  this text
`

export interface CliArguments {
  readonly help: boolean
  readonly port: number
  readonly keyPath: string | undefined
}

/**
 * Reads the command line.
 *
 * @throws {CliError} for an unknown option, an option without its value, or a port that is none.
 */
export function readArguments(argv: readonly string[]): CliArguments {
  const { help = false, port = String(DEFAULT_PORT), key } = parse(argv)
  return { help, port: readPort(port), keyPath: key }
}

function parse(argv: readonly string[]) {
  try {
    const options = { port: { type: 'string' }, key: { type: 'string' }, help: { type: 'boolean' } } as const
    return parseArgs({ args: [...argv], options }).values
  } catch (cause) {
    // Node's message goes on with advice about positional arguments, which there are none of.
    const [problem] = String((cause as Error).message).split('. ')
    throw new CliError(`${problem}; see zitadel-local --help`, { cause })
  }
}

function readPort(port: string): number {
  if (!/^\d+$/.test(port) || Number(port) > HIGHEST_PORT)
    throw new CliError(`--port takes a number from 0 to ${HIGHEST_PORT}, not "${port}"`)
  return Number(port)
}

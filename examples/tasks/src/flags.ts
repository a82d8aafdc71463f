import { parseArgs } from 'node:util'

/** What the command line of a tasks API says. */
export interface Flags {
  readonly domain: string
  readonly key: string
  readonly port: number
  /** 0 turns the cache off; undefined leaves the library's default. */
  readonly cacheTtlSeconds: number | undefined
  /** `introspection`, `jwt` or `auto`; undefined leaves the library's default. */
  readonly verification: string | undefined
  /** The API's project; the library needs it to verify JWTs. */
  readonly projectId: string | undefined
}

const options = {
  domain: { type: 'string' },
  key: { type: 'string' },
  port: { type: 'string', default: '8089' },
  'cache-ttl': { type: 'string' },
  verification: { type: 'string' },
  'project-id': { type: 'string' },
} as const

const usage =
  'use --domain <your domain> --key <path of the key file> [--port 8089] [--cache-ttl SECONDS]' +
  ' [--verification introspection|jwt|auto] [--project-id ID]'

/**
 * Reads the flags.
 *
 * @throws {TypeError} in one line, when an option is unknown, missing or malformed
 */
export function readFlags(argv: readonly string[]): Flags {
  const { domain, key, port, 'cache-ttl': cacheTtl, verification, 'project-id': projectId } = parse(argv)
  if (domain === undefined) throw new TypeError(`--domain is missing: ${usage}`)
  if (key === undefined) throw new TypeError(`--key is missing: ${usage}`)
  return {
    domain,
    key,
    port: readNumber('--port', port, 65_535),
    cacheTtlSeconds: cacheTtl === undefined ? undefined : readNumber('--cache-ttl', cacheTtl, 86_400),
    verification,
    projectId,
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values
  } catch (error) {
    const [problem] = (error as Error).message.split(/\.\s|\n/)
    throw new TypeError(`${problem}: ${usage}`)
  }
}

function readNumber(name: string, value: string, max: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(number <= max)) throw new TypeError(`${name} must be a whole number from 0 to ${max}: ${usage}`)
  return number
}

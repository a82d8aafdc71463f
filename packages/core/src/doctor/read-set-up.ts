import { existsSync } from 'node:fs'
import type { Clock } from '../internal/clock.js'
import type { DoctorArguments } from './arguments.js'
import { maxInputBytes, readShortFile } from './read-short-file.js'
import type { Credentials, SetUp } from './set-up.js'
import { UsageError } from './usage-error.js'

/**
 * Reads what the arguments name: the secret, and the token.
 *
 * @param readInput - reads the standard input
 * @throws `UsageError`: when a file can't be read, or holds nothing
 */
export async function readSetUp(
  { tokenFile, ...given }: DoctorArguments,
  { readInput, clock }: { readonly readInput: () => Promise<string>; readonly clock: Clock },
): Promise<SetUp> {
  const credentials = readCredentials(given)
  const token =
    tokenFile === '-' ? requireText(await readInput(), 'the standard input') : readFile(tokenFile, '--token')
  const { domain, internalUrl, allowInsecureHttp, projectId, timeoutMs } = given
  return { domain, internalUrl, allowInsecureHttp, projectId, timeoutMs, credentials, token, clock }
}

function readCredentials({
  keyFile,
  clientId,
  clientSecretFile,
}: Pick<DoctorArguments, 'keyFile' | 'clientId' | 'clientSecretFile'>): Credentials {
  if (keyFile !== undefined) {
    // What can't be read, the step that reads it tells by its path.
    if (isSecret(keyFile) && !existsSync(keyFile)) throw new UsageError(`--key ${notAPath}`)
    return { kind: 'key', keyFile }
  }
  if (clientId === undefined) return { kind: 'none' }
  return { kind: 'secret', clientId, clientSecret: readFile(clientSecretFile, '--client-secret-file') ?? '' }
}

const notAPath =
  'holds what it should name: it takes the path of a file. What was given is in the history of the shell now'

function isSecret(path: string): boolean {
  return /^Bearer |^\s*\{|eyJ|PRIVATE KEY|[^/.]{64}/.test(path)
}

/** Does not repeat the path: it may be what the file should hold. */
function readFile(path: string | undefined, option: string): string | undefined {
  if (path === undefined) return undefined
  let text: string
  try {
    text = readShortFile(path)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new UsageError(isSecret(path) ? `${option} ${notAPath}` : `the file of ${option} cannot be read (${code})`, {
      cause,
    })
  }
  return requireText(text, `the file of ${option}`)
}

function requireText(text: string, what: string): string {
  // Characters are fewer than bytes, and a token has no others than ASCII.
  if (text.length > maxInputBytes) throw new UsageError(`${what} is longer than 64 KiB: that is no token or secret`)
  const trimmed = text.trim()
  if (trimmed === '') throw new UsageError(`${what} is empty`)
  return trimmed
}

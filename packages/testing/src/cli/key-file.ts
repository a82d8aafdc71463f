import { chmod, readFile, writeFile } from 'node:fs/promises'
import type { ApplicationKey } from '../administration/applications.js'
import { CliError, readErrorCode } from './cli-error.js'

/** Marks the files that this program may write over. A key of ZITADEL has no such member, and is downloaded once. */
const MARK = { createdBy: 'zitadel-local' }
const ONLY_OWNER = 0o600

/**
 * Writes a key file where the user wants it.
 *
 * @throws `CliError`: when another file is there, unless forced to overwrite it, or when it cannot be written.
 */
export async function writeKeyFileTo(
  path: string,
  key: ApplicationKey,
  { force }: { force: boolean },
): Promise<string> {
  try {
    const flag = force || (await isOurs(path)) ? 'w' : 'wx'
    await writeFile(path, JSON.stringify({ ...key, ...MARK }), { mode: ONLY_OWNER, flag })
    // The mode above is only for new files.
    await chmod(path, ONLY_OWNER)
    return path
  } catch (cause) {
    const code = readErrorCode(cause)
    if (code === 'EEXIST')
      throw new CliError(
        `${path} exists and is not a key file of zitadel-local: choose another file with --key, or overwrite it with --force`,
        { cause },
      )
    throw new CliError(`cannot write ${path} (${code}): choose another file with --key`, { cause })
  }
}

async function isOurs(path: string): Promise<boolean> {
  try {
    return JSON.parse(await readFile(path, 'utf8')).createdBy === MARK.createdBy
  } catch {
    return false
  }
}

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApplicationKey } from './applications.js'
import type { ServiceUserKey } from './service-user-credentials.js'

const ONLY_OWNER = 0o600

export interface KeyFiles {
  /**
   * Writes a key as the Console downloads it, readable by its owner only, and gives the path.
   *
   * @param path default: a file named for the key in the `keyFileFolder`, or else in a temporary folder, which `close()` removes.
   */
  writeKeyFile(key: ApplicationKey | ServiceUserKey, path?: string): Promise<string>
}

export function createKeyFiles(keyFileFolder?: string): KeyFiles & { removeTemporaryFolder(): Promise<void> } {
  let temporaryFolder: Promise<string> | undefined
  const chooseFolder = () => {
    if (keyFileFolder !== undefined) return keyFileFolder
    temporaryFolder ??= mkdtemp(join(tmpdir(), 'zitadel-local-'))
    return temporaryFolder
  }
  return {
    async writeKeyFile(key, path) {
      const file = path ?? join(await chooseFolder(), `${key.keyId}.json`)
      await writeFile(file, JSON.stringify(key), { mode: ONLY_OWNER })
      // The mode above is only for new files.
      await chmod(file, ONLY_OWNER)
      return file
    },
    async removeTemporaryFolder() {
      // One that could not be made was an error to who wanted it, and is none here.
      const folder = await temporaryFolder?.catch(() => undefined)
      if (folder) await rm(folder, { recursive: true, force: true })
      temporaryFolder = undefined
    },
  }
}

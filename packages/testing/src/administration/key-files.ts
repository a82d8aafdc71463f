import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApplicationKey } from './applications.js'
import type { ServiceUserKey } from './service-user-credentials.js'
import { createTemporaryFolder, removeTemporaryFolder } from './temporary-folder.js'

const ONLY_OWNER = 0o600

export interface KeyFiles {
  /**
   * Writes a key as the Console downloads it, readable by its owner only, and returns the path.
   *
   * @param key - the key
   * @param path - the path of the file. Default: a file named for the key in the `keyFileFolder`, or in a temporary
   * folder, which `close()` or the end of the process removes
   */
  writeKeyFile(key: ApplicationKey | ServiceUserKey, path?: string): Promise<string>
}

export function createKeyFiles(keyFileFolder?: string): KeyFiles & { removeTemporaryFiles(): void } {
  let temporaryFolder: string | undefined
  const chooseFolder = () => {
    if (keyFileFolder !== undefined) return keyFileFolder
    temporaryFolder ??= createTemporaryFolder()
    return temporaryFolder
  }
  return {
    async writeKeyFile(key, path) {
      const file = path ?? join(chooseFolder(), `${key.keyId}.json`)
      await writeFile(file, JSON.stringify(key), { mode: ONLY_OWNER })
      // The mode above is only for new files.
      await chmod(file, ONLY_OWNER)
      return file
    },
    removeTemporaryFiles() {
      if (temporaryFolder !== undefined) removeTemporaryFolder(temporaryFolder)
      temporaryFolder = undefined
    },
  }
}

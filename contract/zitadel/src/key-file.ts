import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApplicationKey } from './administration.js'

/** A key file that only its owner can read, in a folder of its own. */
export interface KeyFile {
  readonly path: string
  /** Puts another key in the place of the one that is there. */
  replace(key: ApplicationKey): void
  remove(): void
}

/** Writes a key as the Console lets one download it. */
export function writeKeyFile(key: ApplicationKey): KeyFile {
  const folder = mkdtempSync(join(tmpdir(), 'zitadel-run-'))
  const path = join(folder, 'api.json')
  const replace = (other: ApplicationKey): void => writeFileSync(path, JSON.stringify(other), { mode: 0o600 })
  replace(key)
  return { path, replace, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()

/** Makes a folder that is gone when the process exits, however it does, unless it was removed before. */
export function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zitadel-local-'))
  // One listener for all: Node warns of many.
  if (folders.size === 0) process.on('exit', removeAll)
  folders.add(folder)
  return folder
}

export function removeTemporaryFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  folders.delete(folder)
  if (folders.size === 0) process.off('exit', removeAll)
}

function removeAll(): void {
  for (const folder of folders) removeTemporaryFolder(folder)
}

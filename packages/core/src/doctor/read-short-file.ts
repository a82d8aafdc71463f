import { Buffer } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'

/** More than any token or secret has: what is longer was given by mistake, and may have no end. */
export const maxInputBytes = 64 * 1_024

/** Reads a file as UTF-8, and of a longer one than {@link maxInputBytes} as much as shows that it is. */
export function readShortFile(path: string): string {
  const bytes = Buffer.alloc(maxInputBytes + 1)
  const file = openSync(path, 'r')
  try {
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null)
    }
    return bytes.toString('utf8', 0, length)
  } finally {
    closeSync(file)
  }
}

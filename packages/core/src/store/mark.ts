import { isJsonObject } from '../internal/json.js'
import type { Mark } from '../verification/shared-store.js'
import type { Sealing } from './sealing.js'

/** Writes a mark so that it tells nobody else what was revoked. */
export function sealMark({ name, atMs }: Mark, { seal }: Sealing): string {
  return seal(JSON.stringify({ name, atMs }))
}

/** Reads a mark; undefined where it is none of this API, or one that somebody has made up. */
export function openMark(sealed: string, { open }: Sealing): Mark | undefined {
  const text = open(sealed)
  const mark: unknown = text === undefined ? undefined : JSON.parse(text)
  if (!isJsonObject(mark)) return undefined
  const { name, atMs } = mark as Partial<Mark>
  return typeof name === 'string' && typeof atMs === 'number' ? { name, atMs } : undefined
}

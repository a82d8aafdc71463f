import type { Clock } from '../internal/clock.js'
import type { Publish } from '../internal/diagnostics.js'
import { isServerError } from '../provider/failure.js'
import { createKeySet, type KeySet } from '../provider/key-set.js'
import { adviseOnAnswer } from './advise-on-failure.js'
import type { Zitadel } from './find-zitadel.js'
import { type Finding, failedBy, passed, skipped } from './step.js'

/** What is known of ZITADEL's public keys. */
export interface KeysFinding extends Finding<KeySet> {
  /** Whether ZITADEL has failed by its own word: then it calls every token inactive, and every client good. */
  readonly hasFailed: boolean
}

const name = 'key set'

const failing =
  'ZITADEL has failed by its own word: look at its log and its database. In this state it may call every token inactive.'
const consequence = "Without its keys no JWT can be verified here, in the modes 'jwt' and 'auto'."

/** Fetches ZITADEL's public keys. */
export async function checkKeys(zitadel: Zitadel | undefined, clock: Clock): Promise<KeysFinding> {
  if (zitadel === undefined) return { ...skipped(name, 'no ZITADEL was found'), hasFailed: false }
  const { address, metadata, fetchJson, headers } = zitadel
  let count = 0
  const publish: Publish = (event, toEvent) => {
    const { added = [] } = event === 'keys' ? (toEvent() as { readonly added?: readonly string[] }) : {}
    count += added.length
  }
  const discover = async () => metadata
  const keys = createKeySet({ discover, fetchJson, headers, clock, publish, initial: undefined })
  try {
    await keys.ready()
    return { ...passed(name, `${count} ${count === 1 ? 'key' : 'keys'}`, keys), hasFailed: false }
  } catch (error) {
    const hasFailed = isServerError(error)
    const advice = hasFailed ? [{ text: failing }] : [...adviseOnAnswer(error, address), { text: consequence }]
    return { ...failedBy(name, error, { advice }), hasFailed }
  }
}

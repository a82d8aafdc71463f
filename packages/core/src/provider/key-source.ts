import type { Clock } from '../internal/clock.js'
import { createOnceAMinute } from '../internal/once-a-minute.js'
import type { Logger } from '../internal/problem-log.js'

/** Where a key comes from. */
export interface KeySource<Key> {
  /** Gives the key that is in use. */
  current(): Key
  /** Looks whether there is another one by now. For when ZITADEL has refused the one in use, and never at a request. */
  refresh(): void
}

/** Makes the source of a key that stays as it is. */
export function createFixedKey<Key>(key: Key): KeySource<Key> {
  return { current: () => key, refresh: () => {} }
}

/** What {@link createKeyFile} takes. */
export interface KeyFileOptions<Key> {
  /** Reads the file, or throws a {@link TypeError}. */
  readonly read: (path: string) => Key
  /** Gives the id of whose key it is: a new key is to be another key of the same. */
  readonly toOwner: (key: Key) => string
  /** What is wrong with the key of somebody else, for the log. */
  readonly otherOwner: string
  /** Where to say that the file can't be used. */
  readonly logger: Logger
  readonly clock: Clock
}

/**
 * Makes the source of a key in a file, which may be replaced without a restart. Where the new file can't be used, the key from
 * before stays in use, and the log says why, once a minute.
 *
 * @param path - the path of the downloaded JSON
 * @throws `TypeError`: when the file can't be read or holds no such key
 */
export function createKeyFile<Key>(path: string, options: KeyFileOptions<Key>): KeySource<Key> {
  const { read, toOwner, otherOwner, logger, clock } = options
  let key = read(path)
  const isDue = createOnceAMinute(clock)

  function readAgain(): Key {
    const next = read(path)
    // What the key decides beside the signature was read at startup: the client id is one of the audiences of an API.
    if (toOwner(next) !== toOwner(key)) throw new TypeError(`the key file ${path} ${otherOwner}`)
    return next
  }

  return {
    current: () => key,
    refresh() {
      try {
        key = readAgain()
      } catch (error) {
        if (isDue('key file')) {
          logger.error(`[zitadel-auth] the key from before stays in use, since ${(error as TypeError).message}`)
        }
      }
    },
  }
}

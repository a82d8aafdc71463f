import type { Clock } from '../internal/clock.js'
import { createOnceAMinute } from '../internal/once-a-minute.js'
import type { Logger } from '../internal/problem-log.js'
import { type ApplicationKey, readApplicationKeyFile } from './application-key.js'

/** Where the key of this API comes from. */
export interface KeySource {
  /** Gives the key that is in use. */
  current(): ApplicationKey
  /** Looks whether there is another one by now. For when ZITADEL has refused the one in use, and never at a request. */
  refresh(): void
}

/** Makes the source of a key that stays as it is. */
export function createFixedKey(key: ApplicationKey): KeySource {
  return { current: () => key, refresh: () => {} }
}

/**
 * Makes the source of a key in a file, which may be replaced without a restart. Where the new file can't be used, the key from
 * before stays in use, and the log says why, once a minute.
 *
 * @param path - the path of the downloaded JSON
 * @param options - `logger`: where to say that the file can't be used; `clock`: the time
 * @throws {TypeError} when the file can't be read or holds no application key
 */
export function createKeyFile(
  path: string,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): KeySource {
  let key = readApplicationKeyFile(path)
  const isDue = createOnceAMinute(clock)

  function readAgain(): ApplicationKey {
    const next = readApplicationKeyFile(path)
    // The client id is one of the audiences that this API accepts.
    if (next.clientId !== key.clientId) throw new TypeError(`the key file ${path} is of another application: restart`)
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

import type { Clock } from '../internal/clock.js'
import { createOnceAMinute } from '../internal/once-a-minute.js'
import type { Logger } from '../internal/problem-log.js'
import { StoreTimeout } from './connection.js'
import { WrongReply } from './replies.js'

/** What to do about what Redis says, by the word that its errors begin with. */
const advice: Readonly<Record<string, string>> = {
  NOAUTH: 'give the client the password',
  WRONGPASS: 'give the client the right password',
  NOPERM:
    'allow the user GET, SET, DEL, LINDEX, LRANGE, LPUSH, LREM, LTRIM, PEXPIRE, PUBLISH and SUBSCRIBE on the prefix',
  READONLY: 'connect the client to the primary, and not to a replica',
  OOM: 'give it more memory, or the maxmemory-policy allkeys-lru',
  MISCONF: 'it can’t write to its disk: see its log',
  WRONGTYPE: 'something else uses its keys: set another prefix',
  MOVED: 'use the cluster client',
}

/**
 * Makes the function that says why the store does not work, each cause once a minute. Errors of clients hold the command, and so it
 * takes nothing of them but a code.
 */
export function createStoreLog(
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
  timeoutMs: number,
): (error: unknown) => void {
  const isDue = createOnceAMinute(clock)
  return (error) => {
    const cause = toCause(error, timeoutMs)
    if (!isDue(cause)) return
    const whatToDo = advice[cause] ?? 'see whether it runs, and whether the client is connected to it'
    logger.warn(`[zitadel-auth] the store of the cache fails (${cause}), so ZITADEL is asked instead: ${whatToDo}`)
  }
}

/** An error of an application's function may be anything, and fail when it is looked at. */
function toCause(error: unknown, timeoutMs: number): string {
  try {
    if (error instanceof StoreTimeout) return `it did not answer in ${timeoutMs} ms`
    return error instanceof WrongReply ? 'sendCommand gives something else than what Redis answers' : toCode(error)
  } catch {
    return 'an error'
  }
}

const isCode = /^[A-Z][A-Z_]{2,30}$/

/** The word that an error of Redis begins with, the code of one of Node.js, or nothing. */
function toCode(error: unknown): string {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown }
  const words = [code, typeof message === 'string' ? message.split(' ')[0] : undefined]
  return words.find((word): word is string => typeof word === 'string' && isCode.test(word)) ?? 'an error'
}

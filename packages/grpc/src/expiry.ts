import { AuthorizationError, type Clock } from '@org/zitadel-auth'

/** `setTimeout` takes a longer time for no time at all, and the tokens that never expire do so in the year 9999. */
const longestDelayMs = 2 ** 31 - 1

/**
 * Calls back once, when a token expires.
 *
 * @param expiresAt - undefined when ZITADEL does not say, and nothing happens
 * @param end - gets the refusal of an expired token, or the error of a clock that failed: nobody else would hear of one in
 * an alarm
 * @param clock - the time
 * @returns a function that ends the wait
 */
export function watchExpiry(expiresAt: Date | undefined, end: (error: unknown) => void, clock: Clock): () => void {
  if (expiresAt === undefined) return () => {}
  let stop = (): void => {}
  const wait = (): void => {
    try {
      const remainingMs = expiresAt.getTime() - clock.now()
      // A time that is not a number leaves nothing to wait for either.
      if (remainingMs > 0) stop = clock.after(Math.min(remainingMs, longestDelayMs), wait)
      else end(new AuthorizationError('ERR_TOKEN_INVALID', 'the token expired while its stream was open'))
    } catch (error) {
      end(error)
    }
  }
  wait()
  return () => stop()
}

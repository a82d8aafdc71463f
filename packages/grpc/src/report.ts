import { inspect } from 'node:util'
import type { Logger } from '@org/zitadel-auth'

/** Tells the operators of a server what went wrong in it. Never throws. */
export type Report = (problem: string) => void

/** @param logger - one that never fails */
export function createReport(logger: Logger): Report {
  return (problem) => logger.error(`[zitadel-auth] ${problem}`)
}

/** Shows an error to the operators. Anything can be thrown, also what cannot be turned into a text. */
export function describeError(error: unknown): string {
  try {
    // Its own members and no deeper: the failed request that an error carries along may hold a token.
    return error instanceof Error ? String(error.stack ?? error.message) : inspect(error, { depth: 0 })
  } catch {
    return 'an error that cannot be shown'
  }
}

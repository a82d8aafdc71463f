import { inspect } from 'node:util'

/** What nobody caught. */
export interface Uncaught {
  /** Gives what there is, and forgets it. */
  take(): readonly string[]
  stop(): void
}

/** Watches for what would have ended the process of an application. */
export function watchUncaught(): Uncaught {
  const caught: string[] = []
  const onException = (error: unknown): void => void caught.push(`an uncaught exception: ${inspect(error)}`)
  const onRejection = (reason: unknown): void => void caught.push(`an unhandled rejection: ${inspect(reason)}`)
  process.on('uncaughtException', onException).on('unhandledRejection', onRejection)
  return {
    take: () => caught.splice(0),
    stop: () => void process.off('uncaughtException', onException).off('unhandledRejection', onRejection),
  }
}

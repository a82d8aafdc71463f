import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type StatusObject,
} from '@grpc/grpc-js'

/** What decides over a call. */
export interface Guard {
  /** Resolves when the call may reach its handler, and rejects when it may not. */
  admit(metadata: Metadata): Promise<void>
  /** Watches an admitted call, and calls back when it must end. Gives a function that ends the watch. */
  watch(metadata: Metadata, end: (error: unknown) => void): () => void
  /** Gives the status that ends a call. Never throws. */
  toStatus(error: unknown): StatusObject
  /** Hears of an error that no status can tell of any more. Never throws. */
  report(error: unknown): void
}

/**
 * Holds a call back until it is admitted. Nothing of it is read meanwhile, and nothing passes in either direction once it
 * has ended, whoever ended it: the client, its deadline, the handler, or the guard.
 */
export function guardCall(
  call: ServerInterceptingCallInterface,
  { admit, watch, toStatus, report }: Guard,
): ServerInterceptingCall {
  let hasEnded = false
  let stopWatching = (): void => {}

  /** Nobody catches what is thrown while a call ends, and the steps that follow would be left out. */
  function attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      report(error)
    }
  }
  function end(): void {
    if (hasEnded) return
    hasEnded = true
    attempt(stopWatching)
  }
  function refuse(error: unknown): void {
    if (hasEnded) return
    end()
    // Past this interceptor's own queue, where a message that the handler is still sending would hold the status back.
    attempt(() => call.sendStatus(toStatus(error)))
  }
  async function open(metadata: Metadata, pass: (metadata: Metadata) => void): Promise<void> {
    await admit(metadata)
    if (hasEnded) return
    stopWatching = watch(metadata, refuse)
    // The watch may have found at once that the call must end.
    if (!hasEnded) pass(metadata)
  }

  return new ServerInterceptingCall(call, {
    start(next) {
      next({
        onReceiveMetadata: (metadata, pass) => void open(metadata, pass).catch(refuse),
        onReceiveMessage: (message, pass) => hasEnded || pass(message),
        onReceiveHalfClose: (pass) => hasEnded || pass(),
        // Called once for every call, however it ended.
        onCancel: end,
      })
    },
    sendMetadata: (metadata, pass) => hasEnded || pass(metadata),
    sendMessage: (message, pass) => hasEnded || pass(message),
    sendStatus(status, pass) {
      if (hasEnded) return
      end()
      pass(status)
    },
  })
}

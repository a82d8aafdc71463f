import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'

/** What happens between the wire and the interceptor under test. */
export interface Observer {
  readonly interceptor: ServerInterceptor
  /** The code of every status that was sent. */
  readonly statuses: readonly number[]
  /** Resolves when a call has ended, for whatever reason. */
  readonly ended: Promise<void>
}

/** Makes an {@link Observer}, to be put before the interceptor under test. */
export function createObserver(): Observer {
  const statuses: number[] = []
  let onEnd = (): void => {}
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve
  })
  return {
    statuses,
    ended,
    interceptor: (_method, call) =>
      new ServerInterceptingCall(call, {
        start: (next) => next({ onCancel: onEnd }),
        sendStatus(status, next) {
          statuses.push(status.code)
          next(status)
        },
      }),
  }
}

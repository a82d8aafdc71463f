import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'
import type { Exchange } from './exchange.js'
import { exchangeHeader, type Journal } from './journal.js'

/** Interceptors of an application, around the one that is under test. */
export interface Observers {
  /** Stands between the connection and the guard, and finishes responses. */
  readonly before: ServerInterceptor
  /** Stands between the guard and the handler, where nothing of a refused call may arrive. */
  readonly behind: ServerInterceptor
}

/** Makes {@link Observers}. */
export function createObservers(journal: Journal): Observers {
  // grpc-js makes the calls of all interceptors in one go: this is how the second finds the exchange of the first.
  let entering: { exchange?: Exchange } = {}
  return {
    before(_method, call) {
      const entered: { exchange?: Exchange } = {}
      entering = entered
      return new ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveMetadata(metadata, pass) {
              entered.exchange = journal.find(readId(metadata))
              entered.exchange.arrive(() => pass(metadata))
            },
            onCancel: () => entered.exchange?.leave(),
          }),
        sendStatus: (status, pass) => entered.exchange?.answer(() => pass(status)),
      })
    },
    behind(_method, call) {
      const entered = entering
      return new ServerInterceptingCall(call, {
        start: (next) =>
          next({
            onReceiveMetadata(metadata, pass) {
              entered.exchange?.run('onReceiveMetadata')
              pass(metadata)
            },
            onReceiveMessage(message, pass) {
              entered.exchange?.run('onReceiveMessage')
              pass(message)
            },
            onReceiveHalfClose(pass) {
              entered.exchange?.run('onReceiveHalfClose')
              pass()
            },
          }),
      })
    },
  }
}

/** The exchange that a call belongs to. */
export function readId(metadata: Metadata): unknown {
  return metadata.get(exchangeHeader)[0]
}

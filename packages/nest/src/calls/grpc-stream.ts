import { has } from './call.js'

/** What is needed of a call of grpc-js that a client streams to. */
interface StreamCall {
  pause(): unknown
  resume(): unknown
  emit(event: string, ...args: readonly unknown[]): boolean
}

/** A stream that waits for a guard. */
export interface HeldStream {
  /** Lets it go on to its handler. */
  pass(): void
  /** Lets go of it, whatever answers the refusal. */
  refuse(): void
}

/**
 * Holds back what a client streams to a handler of `@GrpcStreamMethod` while a guard is busy. Nest 11 drops its buffer when the
 * client has ended the stream by then: a call that passes would lose its messages, and one that is refused would end the process.
 *
 * @returns undefined for any other call
 */
export function holdStream([stream, , call]: readonly unknown[]): HeldStream | undefined {
  if (!has(stream, 'drainBuffer') || !has(call, 'pause') || !has(call, 'resume') || !has(call, 'emit')) return undefined
  const held = call as unknown as StreamCall
  held.pause()
  return {
    pass: () => void held.resume(),
    refuse() {
      const { emit } = held
      held.emit = (event, ...args) => emit.call(held, event, ...(event === 'error' ? args.map(toEnd) : args))
      held.resume()
    },
  }
}

/**
 * Gives an error the text from which Nest reads that the call has ended, so that it does not look for the buffer of its stream:
 * grpc-js has the status already.
 */
export function toEnd(error: unknown): unknown {
  if (Object(error) !== error || !Object.isExtensible(error)) return error
  return Object.defineProperty(error, 'toString', { value: () => 'cancelled', configurable: true })
}

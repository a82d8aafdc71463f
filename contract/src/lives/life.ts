import type { Exchange, Plan } from './exchange.js'
import type { Wire } from './protocol.js'

/** How a client behaves while its request is under way. */
export interface Life {
  readonly name: string
  readonly goneBefore?: Plan['goneBefore']
  /** Whether the client must get the answer. One that gets none is not told anything else either. */
  readonly isAnswered: boolean
  /** Whether the server is one that answers clients who have closed their half of the connection. */
  readonly allowsHalfOpen?: true
  /** Whether ZITADEL answers after the client has gone. */
  readonly isGoneBeforeVerdict?: true
  /** Sends the request, and does what else it does. */
  behave(wire: Wire, exchange: Exchange): void
}

/** A client that wants its answer. */
export const waits: Life = {
  ...{ name: 'waits', isAnswered: true },
  behave: (wire) => wire.send(),
}

const halfCloses: readonly Life[] = [
  {
    ...{ name: 'half-closes, at a server that answers then', isAnswered: true, allowsHalfOpen: true },
    behave(wire) {
      wire.send()
      wire.end()
    },
  },
  {
    // What node:http does by default: it closes the other half too, while the response is not finished.
    ...{ name: 'half-closes', isAnswered: false, goneBefore: 'answer' },
    behave(wire) {
      wire.send()
      wire.end()
    },
  },
]

/** How a client leaves before it has its answer. */
type WayToLeave = 'reset' | 'hangUp'

const leave = (way: WayToLeave, name: string): readonly Life[] => [
  {
    ...{ name: `${name} before the guard has begun`, isAnswered: false, goneBefore: 'guard' },
    behave(wire, { arrived }) {
      wire.send()
      void arrived.then(wire[way])
    },
  },
  {
    ...{ name: `${name} while the verdict is pending`, isAnswered: false, isGoneBeforeVerdict: true },
    behave(wire, { arrived }) {
      wire.send()
      void arrived.then(wire[way])
    },
  },
  {
    ...{ name: `${name} while the response is pending`, isAnswered: false, goneBefore: 'answer' },
    behave(wire, { answering }) {
      wire.send()
      void answering.then(wire[way])
    },
  },
]

/** What a client can do that has a connection to itself. */
export const connectionLives: readonly [Life, ...Life[]] = [
  waits,
  ...halfCloses,
  ...leave('reset', 'resets the connection'),
]

/** What a client can do whose connection carries other streams too. */
export const streamLives: readonly [Life, ...Life[]] = [
  waits,
  ...leave('reset', 'resets the stream'),
  ...leave('hangUp', 'closes the connection'),
]

/** What a client of gRPC can do: one that has said everything may have its answer, and one that has not. */
export const callLives: readonly [Life, ...Life[]] = [
  {
    ...{ name: 'waits and has said everything', isAnswered: true },
    behave(wire) {
      wire.send()
      wire.end()
    },
  },
  ...streamLives,
]

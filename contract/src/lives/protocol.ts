import type { Credentials } from './credentials.js'
import type { Life } from './life.js'

/** What a client sends. */
export interface Question<Shape extends RequestShape> {
  readonly port: number
  readonly shape: Shape
  readonly headers: Readonly<Record<string, string>>
}

/** What came back. */
export interface Outcome {
  /** Undefined where nothing came. */
  readonly status: number | undefined
  /** Whether all of it came that was announced. */
  readonly isWhole: boolean
}

/** One request on its way, in the hands of a client. */
export interface Wire {
  /** Sends the request. */
  readonly send: () => void
  /** Says that nothing more will come. */
  readonly end: () => void
  /** Breaks the exchange off: a reset of the connection, or of the stream. */
  readonly reset: () => void
  /** Closes the connection. */
  readonly hangUp: () => void
  /** What has come when the exchange is over for the client. */
  readonly outcome: Promise<Outcome>
}

/** A kind of request. */
export interface RequestShape {
  readonly name: string
  readonly hasBody: boolean
}

/** A protocol: what can be asked in it, and what can befall the one who asks. */
export interface Protocol<Shape extends RequestShape = RequestShape> {
  readonly shapes: readonly Shape[]
  /** The first is a client that waits for its answer. */
  readonly lives: readonly [Life, ...Life[]]
  open(question: Question<Shape>): Wire
  /** What its clients read in the place of a status of HTTP. */
  toStatus(status: Credentials['status']): number
}

import type { Deadline } from '../../internal/deadline.js'

/** What is sent to ZITADEL. */
export interface TransportRequest {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  /** The form of a POST. */
  readonly body?: URLSearchParams
  /** When to give the request up. A transport need not obey: nobody waits for it after that. */
  readonly deadline: Pick<Deadline, 'signal' | 'whenOver'>
  /** Whether to use a new connection, since the one before has failed. */
  readonly isRetry: boolean
}

/** What came back. */
export interface TransportAnswer {
  readonly status: number
  /** Gives a header, or null. */
  readonly header: (name: string) => string | null
  /** Reads the body as text, up to so many bytes, or fails with an `UnreadableBodyError`. */
  readonly readText: (maxBytes: number) => Promise<string>
  /** Lets go of a body that nobody reads. */
  readonly drop: () => void
}

/** The one place where this library does I/O. Rejects with whatever went wrong. */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>

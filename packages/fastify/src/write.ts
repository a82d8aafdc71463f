import { Buffer } from 'node:buffer'
import { type EndpointAnswer, joinExposedHeaders, writeRefusal } from '@org/zitadel-auth/adapter'

/**
 * The part of a reply that the hooks need.
 *
 * @group Types for the compiler
 */
export interface AnyReply {
  /** Whether a response was sent already. */
  readonly sent: boolean
  /** Sets the status. */
  code(status: number): unknown
  /** Returns the value of a header that is set. */
  getHeader(name: string): unknown
  /** Sets headers. */
  headers(values: Readonly<Record<string, string>>): unknown
  /** Sends the body. */
  send(body: unknown): unknown
}

/** Sets the headers of an answer beside those that there are. */
export function setHeaders(headers: EndpointAnswer['headers'], reply: AnyReply): void {
  reply.headers(joinExposedHeaders(headers, (name) => reply.getHeader(name)))
}

/**
 * Answers a request, be it by a refusal or by an endpoint, unless somebody was faster, as a timeout of the application's. Sends
 * bytes: a string would be open to the route's serializer and to Fastify's opinion of its charset.
 */
export function write({ status, headers, body }: EndpointAnswer, reply: AnyReply): void {
  if (reply.sent) return
  writeRefusal(() => {
    reply.code(status)
    setHeaders(headers, reply)
    reply.send(Buffer.from(body))
  })
}

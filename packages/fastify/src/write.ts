import { Buffer } from 'node:buffer'
import { writeRefusal } from '@org/zitadel-auth'
import type { EndpointAnswer } from '@org/zitadel-auth/adapter'

/** What the hooks need of a reply. */
export interface AnyReply {
  /** Whether an answer is on its way already. */
  readonly sent: boolean
  /** Sets the status. */
  code(status: number): unknown
  /** Sets headers. */
  headers(values: Readonly<Record<string, string>>): unknown
  /** Sends the body. */
  send(body: unknown): unknown
}

/**
 * Answers a request, be it by a refusal or by an endpoint, unless somebody was faster, as a timeout of the application's. Sends
 * bytes: a string would be open to the route's serializer and to Fastify's opinion of its charset.
 */
export function write({ status, headers, body }: EndpointAnswer, reply: AnyReply): void {
  if (reply.sent) return
  writeRefusal(() => {
    reply.code(status)
    reply.headers(headers)
    reply.send(Buffer.from(body))
  })
}

import { Buffer } from 'node:buffer'
import type { HttpRefusal } from '@org/zitadel-auth'
import { joinExposedHeaders, writeRefusal } from '@org/zitadel-auth/adapter'
import { has } from './calls/call.js'

/** What is needed of the response of Node.js, which Express hands on. */
interface NodeResponse {
  headersSent: boolean
  statusCode: number
  getHeader(name: string): unknown
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}

/** What is needed of the reply of Fastify. */
interface FastifyReply {
  sent: boolean
  code(status: number): unknown
  getHeader(name: string): unknown
  header(name: string, value: string): unknown
  send(body: unknown): unknown
}

/** Sets headers on a response of Express or Fastify, unless it is on its way. Whatever answers later keeps them. */
export function setHeaders(response: unknown, headers: Readonly<Record<string, string>>): void {
  if (isSent(response)) return
  const set = isNodeResponse(response) ? response.setHeader : (response as FastifyReply).header
  writeRefusal(() => {
    const joined = joinExposedHeaders(headers, (name) => (response as NodeResponse | FastifyReply).getHeader(name))
    for (const [name, value] of Object.entries(joined)) set.call(response, name, value)
  })
}

/** Answers with a refusal, unless somebody was faster, as a timeout of the application may have been. */
export function respond(response: unknown, { status, headers, body }: HttpRefusal): void {
  if (isSent(response)) return
  setHeaders(response, headers)
  writeRefusal(() => {
    if (isNodeResponse(response)) {
      response.statusCode = status
      response.end(body)
      return
    }
    const reply = response as FastifyReply
    reply.code(status)
    // Bytes: a string would be open to the route's serializer and to Fastify's opinion of its charset.
    reply.send(Buffer.from(body))
  })
}

function isSent(response: unknown): boolean {
  return isNodeResponse(response) ? response.headersSent : (response as FastifyReply).sent
}

function isNodeResponse(response: unknown): response is NodeResponse {
  return has(response, 'setHeader')
}

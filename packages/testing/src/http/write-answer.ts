import type { ServerResponse } from 'node:http'
import type { FaultyAnswer } from '../control/faults.js'
import type { Answer } from './answer.js'

export function writeAnswer(
  response: ServerResponse,
  { status, headers = {}, body = '' }: Answer | FaultyAnswer,
): void {
  response.writeHead(status, headers).end(body)
}

/** Sends the head and half of the body, then nothing until the server recovers. */
export async function writeSlowly(response: ServerResponse, answer: Answer, recovered: Promise<void>): Promise<void> {
  const secondHalf = writeFirstHalf(response, answer)
  await recovered
  response.end(secondHalf)
}

/** Sends the head and half of the body, then ends the connection. */
export function writeCutOff(response: ServerResponse, answer: Answer): void {
  writeFirstHalf(response, answer)
  response.socket?.end()
}

function writeFirstHalf(response: ServerResponse, { status, headers, body }: Answer): Buffer {
  const bytes = Buffer.from(body)
  const middle = Math.floor(bytes.length / 2)
  response.writeHead(status, { ...headers, 'content-length': bytes.length })
  response.write(bytes.subarray(0, middle))
  return bytes.subarray(middle)
}

/** Resets the connection, so that the client sees `ECONNRESET`. */
export function resetConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy()
}

import type { ServerResponse } from 'node:http'
import type { FaultyAnswer } from '../control/faults.js'
import type { Answer } from './answer.js'

/** A response, and the clock that its `Date` tells the time of. */
export interface DatedResponse {
  readonly response: ServerResponse
  readonly now: () => number
}

export function writeAnswer(dated: DatedResponse, { status, headers, body = '' }: Answer | FaultyAnswer): void {
  writeHead(dated, status, headers)
  dated.response.end(body)
}

/** Sends the head and half of the body, then nothing until the server recovers. */
export async function writeSlowly(dated: DatedResponse, answer: Answer, recovered: Promise<void>): Promise<void> {
  const secondHalf = writeFirstHalf(dated, answer)
  await recovered
  dated.response.end(secondHalf)
}

/** Sends the head and half of the body, then ends the connection. */
export function writeCutOff(dated: DatedResponse, answer: Answer): void {
  writeFirstHalf(dated, answer)
  dated.response.socket?.end()
}

function writeFirstHalf(dated: DatedResponse, { status, headers, body }: Answer): Buffer {
  const bytes = Buffer.from(body)
  const middle = Math.floor(bytes.length / 2)
  writeHead(dated, status, { ...headers, 'content-length': String(bytes.length) })
  dated.response.write(bytes.subarray(0, middle))
  return bytes.subarray(middle)
}

/** In whole seconds, and of now: what was held back is as late as it is. A `date` of the answer itself counts. */
function writeHead({ response, now }: DatedResponse, status: number, headers: FaultyAnswer['headers'] = {}): void {
  const date = readDate(now)
  if (date === undefined) response.sendDate = false
  else response.setHeader('date', date)
  response.writeHead(status, headers)
}

/** Nothing by a clock that is broken, so that the answer that says so still goes out. */
function readDate(now: () => number): string | undefined {
  try {
    return new Date(now()).toUTCString()
  } catch {
    return undefined
  }
}

/** Resets the connection, so that the client sees `ECONNRESET`. */
export function resetConnection({ response }: DatedResponse): void {
  response.socket?.resetAndDestroy()
}

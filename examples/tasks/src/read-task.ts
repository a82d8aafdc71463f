import type { IncomingMessage } from 'node:http'

const MAX_BODY_BYTES = 1_048_576
const METHODS_WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH']

/** A body that cannot be read. Every framework finds the status under the name it looks for. */
class BodyError extends Error {
  readonly status: number
  readonly statusCode: number

  constructor(status: 400 | 413 | 415, message: string) {
    super(message)
    this.status = status
    this.statusCode = status
  }
}

/**
 * Reads the task from a form or JSON body, else from the query, so that the API is the same on every framework: their
 * body parsers differ in limits, methods, charsets and compression.
 *
 * @returns the task, trimmed; empty when there is none
 * @throws {BodyError} for a body of more than 1 MiB, one that is compressed or not UTF-8, and JSON that is none
 */
export async function readTask(request: IncomingMessage): Promise<string> {
  const inBody = METHODS_WITH_BODY.includes(request.method ?? '') ? await readTaskOfBody(request) : undefined
  const task = inBody ?? new URL(request.url ?? '', 'http://localhost').searchParams.get('task')
  return typeof task === 'string' ? task.trim() : ''
}

async function readTaskOfBody(request: IncomingMessage): Promise<unknown> {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(/\s*;\s*/)
  const read = readers.get(type)
  if (read === undefined) return undefined
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
    throw new BodyError(415, 'the body is compressed')
  if (parameters.some((parameter) => /^charset=(?!"?utf-8"?$)/.test(parameter)))
    throw new BodyError(415, 'the body is not UTF-8')
  return read(await readText(request))
}

const readers: ReadonlyMap<string, (text: string) => unknown> = new Map([
  ['application/x-www-form-urlencoded', (text) => new URLSearchParams(text).get('task') ?? undefined],
  ['application/json', (text) => (text === '' ? undefined : readMember(parseJson(text)))],
])

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BodyError(400, 'the body is not JSON')
  }
}

function readMember(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'task' in value ? value.task : undefined
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  // Not destroyed when it is too large: its sender has to hear the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    sizeBytes += chunk.length
    if (sizeBytes <= MAX_BODY_BYTES) chunks.push(chunk)
    else {
      request.resume()
      throw new BodyError(413, 'the body is too large')
    }
  }
  return Buffer.concat(chunks).toString()
}

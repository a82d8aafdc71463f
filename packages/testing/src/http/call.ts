import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

const MAX_BODY_BYTES = 1_048_576

/** A request that has arrived completely. */
export interface Call {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly query: URLSearchParams
  readonly body: string
  /** The body's parameters, empty unless it is a form. */
  readonly form: URLSearchParams
}

/** Splits a request's target. `URL` would throw for some that HTTP allows. */
export function readTarget({ url = '/' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = '/', ...query] = url.split('?')
  return { path, query: new URLSearchParams(query.join('?')) }
}

/** Reads a request to its end. Gives nothing when its body is larger than 1 MiB. */
export async function readCall(request: IncomingMessage): Promise<Call | undefined> {
  const body = await readBody(request)
  if (body === undefined) return undefined
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  const form = new URLSearchParams(isForm ? body : '')
  return {
    method: request.method ?? 'GET',
    headers: request.headers,
    query: readTarget(request).query,
    body,
    form,
  }
}

/** A body that is too large is read on and forgotten, so that its sender hears the answer. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of request) {
    sizeBytes += chunk.length
    if (sizeBytes <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  return sizeBytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks).toString()
}

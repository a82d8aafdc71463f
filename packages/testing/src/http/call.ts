import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** Go's limit for forms. */
const MAX_BODY_BYTES = 10_485_760

const METHODS_WITH_FORM: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** A request that has arrived completely. */
export interface Call {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly query: URLSearchParams
  readonly body: string
  /** The body's parameters, empty unless it is a form. */
  readonly form: URLSearchParams
  /** A parameter of the form or the query. As in ZITADEL the last one counts, and the query comes last. */
  readonly parameter: (name: string) => string | undefined
}

/** Splits a request's target. `URL` would throw for some that HTTP allows. */
export function readTarget({ url = '/' }: IncomingMessage): { path: string; query: URLSearchParams } {
  const [path = '/', ...query] = url.split('?')
  return { path, query: new URLSearchParams(query.join('?')) }
}

/** Reads a request to its end. Gives nothing when its body is larger than 10 MiB. */
export async function readCall(request: IncomingMessage): Promise<Call | undefined> {
  const body = await readBody(request)
  if (body === undefined) return undefined
  const { method = 'GET', headers } = request
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  const form = new URLSearchParams(isForm && METHODS_WITH_FORM.has(method) ? body : '')
  const { query } = readTarget(request)
  const parameter = (name: string) => [...form.getAll(name), ...query.getAll(name)].at(-1)
  return { method, headers, query, body, form, parameter }
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

import type { RequestShape } from './protocol.js'

/** A request of HTTP, but for its headers. */
export interface HttpShape extends RequestShape {
  readonly method: string
  readonly body: string
}

const toShape = (method: string): HttpShape => ({ name: method, method, body: '', hasBody: false })

/** What a framework may treat in its own way: `OPTIONS` and `HEAD` by themselves, bodies before the handler. */
export const httpShapes: readonly HttpShape[] = [
  ...['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST'].map(toShape),
  { name: 'POST with a body', method: 'POST', body: '{"task":"learn"}', hasBody: true },
]

/** The headers that go with a body. */
export function describeBody({ body, hasBody }: HttpShape): Readonly<Record<string, string>> {
  return !hasBody ? {} : { 'content-type': 'application/json', 'content-length': String(body.length) }
}

/** Writes a request of HTTP/1.1. */
export function writeRequest(shape: HttpShape, headers: Readonly<Record<string, string>>): string {
  const all = { host: 'api', ...headers, ...describeBody(shape) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [`${shape.method} / HTTP/1.1`, ...lines, '', shape.body].join('\r\n')
}

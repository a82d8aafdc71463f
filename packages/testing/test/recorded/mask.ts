interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** What two answers have to have in common to be the same: all but what differs from run to run. */
export function toComparable({ status, headers, body }: Answer, issuer: string) {
  return {
    status,
    contentType: headers['content-type'],
    cacheControl: headers['cache-control'],
    body: mask(parseJson(headers['content-type'], body), issuer),
  }
}

function parseJson(contentType: unknown, body: unknown): unknown {
  return contentType === 'application/json' && typeof body === 'string' && body !== '' ? JSON.parse(body) : body
}

const FIRST_TIME = 1_000_000_000

/** Hides in an answer what differs from run to run, as it was hidden in the recording. */
export function mask(value: unknown, issuer: string): unknown {
  if (typeof value === 'string') return maskText(value, issuer)
  if (typeof value === 'number') return value >= FIRST_TIME ? '<seconds>' : value
  if (Array.isArray(value)) return value.map((item) => mask(item, issuer))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      maskText(name, issuer),
      randomMembers.has(name) ? '<base64url>' : mask(member, issuer),
    ]),
  )
}

/** Members that are as random as ids, and are not everywhere hidden in the recording. */
const randomMembers: ReadonlySet<string> = new Set(['at_hash', 'n'])

function maskText(text: string, issuer: string): unknown {
  const { host, hostname } = new URL(issuer)
  const segments = text.split('.')
  if (text.startsWith('eyJ') && segments.length === 3) return decodeJwt(segments, issuer)
  if (text.startsWith('eyJ') && segments.length === 5) return '<opaque token: five segments>'
  return text
    .replaceAll(issuer, '{issuer}')
    .replaceAll(host, '{host}')
    .replaceAll(/(?<!\d)\d{18}(?!\d)/g, '<id>')
    .replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, '<RFC 3339 time>')
    .replace(/QUERY-\w+/, 'QUERY-<code>')
    .replace(`ExternalDomain is ${hostname}`, 'ExternalDomain is localhost')
}

function decodeJwt([header = '', claims = '']: readonly string[], issuer: string): object {
  const decode = (part: string) => mask(JSON.parse(Buffer.from(part, 'base64url').toString()), issuer)
  return { 'JWT header': decode(header), 'JWT claims': decode(claims) }
}

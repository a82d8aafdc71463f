/** What a request is answered with. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** How ZITADEL marks all answers but the keys. */
export const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** A JSON answer that must not be stored. It ends with a line feed, as Go writes it. */
export function json(body: object, headers: Readonly<Record<string, string>> = NO_STORE, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: `${JSON.stringify(body)}\n` }
}

/** One line of text, as Go's `http.Error` writes it. */
export function text(status: number, line: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', ...headers },
    body: `${line}\n`,
  }
}

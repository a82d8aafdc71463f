/** A request to ZITADEL's own API. */
export interface Call {
  /** Its name there, for whoever reads that it has failed. */
  readonly name: string
  readonly method?: 'POST' | 'GET' | 'DELETE'
  readonly path: string
  readonly body?: object
}

/** Asks ZITADEL, and gives the JSON that it answers. */
export type CallZitadel = (call: Call) => Promise<unknown>

const deadlineMs = 30_000

/** ZITADEL refused a request of the run, or can't be reached. */
export class CallError extends Error {
  override readonly name = 'CallError'
  /** The status of the answer; undefined without one. */
  readonly status: number | undefined

  constructor(call: Call, status: number | undefined, said: string) {
    super(`${call.name} (${call.method ?? 'POST'} ${call.path}) failed: ${[status, said].filter(Boolean).join(' ')}`)
    this.status = status
  }
}

/**
 * Makes the function that asks ZITADEL in the name of an administrator.
 *
 * @param origin scheme, host and port
 * @param adminToken a personal access token; it goes nowhere but into the header
 */
export function createCall(origin: string, adminToken: string): CallZitadel {
  return async (call) => {
    const { method = 'POST', path, body } = call
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${adminToken}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      // A redirect would take the token to another place.
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    }).catch((error: unknown) => {
      throw new CallError(call, undefined, `no answer (${readReason(error)})`)
    })
    const answer: unknown = await response.json().catch(() => undefined)
    if (!response.ok) throw new CallError(call, response.status, readMessage(answer))
    return answer
  }
}

/** Of the cause no more than its code: `fetch` puts what it was given into some messages. */
function readReason(error: unknown): string {
  const { cause, name } = Object(error) as { cause?: unknown; name?: unknown }
  const { code } = Object(cause) as { code?: unknown }
  return typeof code === 'string' ? code : String(name)
}

/** Both of ZITADEL's forms of an error, Connect's and that of its REST gateway, have a `message`. */
function readMessage(answer: unknown): string {
  const { message } = Object(answer) as { message?: unknown }
  return typeof message === 'string' ? message.slice(0, 300) : ''
}

/**
 * Reads a text from an answer, by the path of its members.
 *
 * @throws {TypeError} when it is not there
 */
export function readText(answer: unknown, ...path: readonly string[]): string {
  const value = path.reduce<unknown>((at, member) => (Object(at) as Record<string, unknown>)[member], answer)
  if (typeof value !== 'string' || value === '') throw new TypeError(`ZITADEL's answer has no "${path.join('.')}"`)
  return value
}

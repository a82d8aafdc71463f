import { isAuthorizationError, type ZitadelAuth } from '@org/zitadel-auth'
import { ask } from '../../contract/src/ask.js'
import { startGrpcApi } from '../../contract/src/grpc-api.js'
import type { Host } from '../../contract/src/host.js'
import { hosts } from '../../contract/src/hosts/index.js'
import type { Emissions } from './emissions.js'

/** How one request ended, as its client sees it. */
export interface Outcome {
  readonly status: number
  /** The body of a refusal, or nothing where the request was let pass. */
  readonly refusal: string
  readonly retryAfter: string | undefined
  readonly challenge: string | undefined
}

/** An application that is protected by this library, or the library alone. */
export interface Api {
  ask(token: string): Promise<Outcome>
  close(): Promise<void>
}

/** A way to make an {@link Api}. Everything it says goes to the emissions. */
export interface ApiKind {
  readonly name: string
  start(auth: ZitadelAuth, emissions: Emissions): Promise<Api>
}

const core: ApiKind = {
  name: 'core',
  start: async (auth, emissions) => ({
    ask: async (token) => {
      try {
        emissions.record(await auth.authenticate(`Bearer ${token}`))
        return { status: 200, refusal: '', retryAfter: undefined, challenge: undefined }
      } catch (error) {
        emissions.record(error)
        return toOutcome(auth, error)
      }
    },
    close: async () => emissions.record(auth),
  }),
}

/** An error that is not about authorization is a bug, and passes through. */
function toOutcome(auth: ZitadelAuth, error: unknown): Outcome {
  const refusal = auth.refusal(error)
  if (refusal === undefined || !isAuthorizationError(error)) throw error
  const { status, body, headers } = refusal
  return { status, refusal: body, retryAfter: headers['Retry-After'], challenge: headers['WWW-Authenticate'] }
}

function toKind(host: Host): ApiKind {
  return {
    name: host.name,
    async start(auth, emissions) {
      const { url, close } = await host.start({ auth, onHandled: (context) => emissions.record(context) })
      return {
        async ask(token) {
          const { status, body, headers } = await ask(`${url}/required`, { authorization: `Bearer ${token}` })
          emissions.record(JSON.stringify([status, headers, body]))
          const refusal = status === 200 ? '' : body
          return { status, refusal, retryAfter: headers['retry-after'], challenge: headers['www-authenticate'] }
        },
        close,
      }
    },
  }
}

/** The statuses of HTTP that gRPC's stand for, so that outcomes can be compared. */
const httpStatuses: Readonly<Record<number, number>> = { 0: 200, 3: 400, 7: 403, 13: 500, 14: 503, 16: 401 }

const grpc: ApiKind = {
  name: 'gRPC',
  async start(auth, emissions) {
    const api = await startGrpcApi(auth, { onHandled: (context) => emissions.record(context) })
    return {
      async ask(token) {
        const { code = Number.NaN, details, trailers } = await api.ask(`Bearer ${token}`)
        emissions.record(JSON.stringify([code, details, trailers]))
        return {
          status: httpStatuses[code] ?? Number.NaN,
          refusal: details === '' ? '' : `${details}\n`,
          retryAfter: trailers['retry-after'],
          challenge: trailers['www-authenticate'] as string | undefined,
        }
      },
      close: async () => api.close(),
    }
  },
}

/** The library alone, and in every framework that has an adapter. */
export const apiKinds: readonly ApiKind[] = [core, ...hosts.map(toKind), grpc]

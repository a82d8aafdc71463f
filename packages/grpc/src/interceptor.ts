import { Metadata, ServerInterceptingCall, type ServerInterceptor, type StatusObject, status } from '@grpc/grpc-js'
import {
  AuthorizationError,
  type AuthorizationHeader,
  type AuthTypes,
  type Logger,
  type RoleOf,
  type ZitadelAuth,
} from '@org/zitadel-auth'
import { findAuthorization, setAuthorization } from './authorization.js'
import { type AlarmClock, systemClock, watchExpiry } from './expiry.js'
import { guardCall } from './guarded-call.js'
import type { MethodRequirements } from './method-requirements.js'
import { type Admit, readMethodRequirements } from './read-method-requirements.js'
import { toGrpcRefusal } from './refusal.js'

/** What the interceptor takes beside the requirements. */
export interface InterceptorOptions {
  /** Whether a stream ends, with `UNAUTHENTICATED`, when the token it was opened with expires. Default: true. */
  readonly endExpiredStreams?: boolean
  /** Where to say that a method is not declared, or that a check of yours failed. Default: `console`. */
  readonly logger?: Logger
  /** The time. Default: this machine's. */
  readonly clock?: AlarmClock
}

/**
 * Makes a server interceptor, `new Server({ interceptors: [interceptor] })`, that lets a call reach its handler when it
 * brings what its method asks for.
 *
 * A method that is not declared is refused to everybody with `INTERNAL`, and logged: no token would help a client, since
 * it is this server that is not set up.
 *
 * @param auth - from `createZitadelAuth`
 * @param requirements - what the methods ask for, by service definition or by full name
 * @param options - streams, logging, time
 * @throws {TypeError} at start-up, when a service has no such method, one of its methods is left out, or a requirement is
 * empty or malformed
 */
export function createAuthorizationInterceptor<Types extends AuthTypes, const Services extends readonly object[]>(
  auth: ZitadelAuth<Types>,
  requirements: MethodRequirements<Services, RoleOf<Types>>,
  { endExpiredStreams = true, logger = console, clock = systemClock }: InterceptorOptions = {},
): ServerInterceptor {
  const admissions = readMethodRequirements(auth as ZitadelAuth, requirements as MethodRequirements)
  const refuseUndeclared = createUndeclaredRefusal(logger)

  return ({ path, requestStream, responseStream }, call) => {
    const admit = admissions.get(path) ?? refuseUndeclared(path)
    if (admit === 'public') return new ServerInterceptingCall(call)
    const canOutliveToken = endExpiredStreams && (requestStream || responseStream)
    return guardCall(call, {
      async admit(metadata) {
        const context = await admit(readAuthorizationMetadata(metadata))
        if (context !== undefined) setAuthorization(metadata, context)
      },
      watch(metadata, end) {
        const expiresAt = canOutliveToken ? findAuthorization(metadata)?.expiresAt : undefined
        return watchExpiry(expiresAt, () => end(createExpiryError()), clock)
      },
      toStatus: (error) => toGrpcRefusal(auth, error) ?? reportBug(error, path, logger),
    })
  }
}

/** Every value of the key: an interceptor or a proxy may have added one. */
function readAuthorizationMetadata(metadata: Metadata): AuthorizationHeader {
  return metadata.get('authorization').map(String)
}

function createExpiryError(): AuthorizationError {
  return new AuthorizationError('ERR_TOKEN_INVALID', 'the token expired while its stream was open')
}

/** Says once per method what is missing. There are no more of them than the server has handlers. */
function createUndeclaredRefusal(logger: Logger): (path: string) => Admit {
  const logged = new Set<string>()
  return (path) => async () => {
    const message = `${path} is refused to everybody: declare what it asks for in createAuthorizationInterceptor, 'public' if nothing`
    if (!logged.has(path)) logger.error(`[zitadel-auth] ERR_CONFIGURATION: ${message}`)
    logged.add(path)
    throw new AuthorizationError('ERR_CONFIGURATION', message)
  }
}

/** Nobody after this interceptor would hear of an error that is none of ours, such as one thrown by a check. */
function reportBug(error: unknown, path: string, logger: Logger): StatusObject {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
  logger.error(`[zitadel-auth] ${path} is refused, since its requirement could not be checked: ${problem}`)
  return { code: status.INTERNAL, details: 'internal server error', metadata: new Metadata() }
}
